import { expect, test } from 'vitest'
import { typedThresholds } from './typed-thresholds.ts'

test.each([
  ['50, 80 95;100 %', [50, 80, 95, 100]],
  ['', []],
])('"%s" is %j', (typed, percents) => {
  expect(typedThresholds(typed)).toStrictEqual({ percents })
})

test.each(['0', '1.5', 'all', '-3', '1001', '50, 50', '1 2 3 4 5 6 7 8 9 10 11'])(
  '"%s" is told what is wrong',
  typed => {
    expect(typedThresholds(typed)).toStrictEqual({ wrong: expect.any(String) as string })
  },
)
