import { expect, test } from 'vitest'
import { reaches } from './roles.ts'

test('a role reaches itself and what is below it, and nothing above', () => {
  expect(reaches('admin', 'admin')).toBe(true)
  expect(reaches('admin', 'reader')).toBe(true)
  expect(reaches('admin', 'owner')).toBe(false)
  expect(reaches(undefined, 'reader')).toBe(false)
})
