import { expect, test } from 'vitest'
import { fieldTime, momentOf } from './local-time.ts'

test('a moment is shown in local time and read back as the same moment', () => {
  for (const iso of ['2026-01-31T12:00:00.000Z', '2026-07-01T23:59:00.000Z'])
    expect(momentOf(fieldTime(iso))).toBe(iso)
})

test('nothing is no moment', () => {
  expect(fieldTime(undefined)).toBe('')
  expect(momentOf('')).toBeUndefined()
  expect(momentOf('soon')).toBeUndefined()
})
