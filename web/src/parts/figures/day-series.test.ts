import { expect, test } from 'vitest'
import { stacked } from './day-series.ts'

test('each stands upon those before it, and what is less than nothing takes no room', () => {
  const series = [
    { key: 'a', colour: 'series-1', values: [1, 0, 2] },
    { key: 'b', colour: 'series-2', values: [3, 5, -1] },
  ] as const
  expect(stacked(series).map(({ key, values }) => [key, values])).toStrictEqual([
    ['a', [1, 0, 2]],
    ['b', [4, 5, 2]],
  ])
})
