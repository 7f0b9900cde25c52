import { expect, test } from 'vitest'
import { openRange, reportRange, type AskedRange } from './report-range.ts'

const now = new Date('2026-03-01T00:30:00Z')

test.each<[AskedRange, string, string, number]>([
  [{}, '2026-01-31', '2026-03-01', 30],
  [{ to: '2026-02-28' }, '2026-01-30', '2026-02-28', 30],
  [{ from: '2026-02-27' }, '2026-02-27', '2026-03-01', 3],
  [{ from: '2026-05-01' }, '2026-05-01', '2026-05-01', 1],
  [{ from: '2024-01-01', to: '2024-12-31' }, '2024-01-01', '2024-12-31', 366],
])('%j is %s to %s, %i whole days', (asked, from, to, count) => {
  const range = reportRange(asked, now)
  expect(range).toMatchObject({ from, to })
  expect([range.days[0], range.days.at(-1), range.days.length]).toStrictEqual([from, to, count])
  expect(range.ends.getTime() - range.starts.getTime()).toBe(count * 86_400_000)
})

test.each<AskedRange>([
  { from: '2026-02-02', to: '2026-02-01' },
  { from: '2025-01-01', to: '2026-01-02' },
])('%j is refused', asked => {
  expect(() => reportRange(asked, now)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})

test('an export has no bounds but those that are asked for', () => {
  expect(openRange({})).toStrictEqual({ starts: null, ends: null })
  expect(openRange({ from: '2000-01-01', to: '2026-01-31' })).toStrictEqual({
    starts: new Date('2000-01-01T00:00:00Z'),
    ends: new Date('2026-02-01T00:00:00Z'),
  })
})
