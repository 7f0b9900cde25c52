import { expect, test } from 'vitest'
import { exactUsd } from '../../../parts/shown/money.tsx'
import { typedUsd } from './typed-usd.ts'

test.each([
  ['20', '20000000000'],
  [' $0.50 ', '500000000'],
  ['0', '0'],
  ['0.000000001', '1'],
  ['9000000000', '9000000000000000000'],
])('%s is %s nano-USD', (typed, nano) => {
  expect(typedUsd(typed)).toStrictEqual({ nano })
})

test.each(['', '-1', '1,50', '1e3', '.5', '0.0000000001', 'ten', '1 000', 'Infinity'])(
  '"%s" is told what is wrong',
  typed => {
    expect(typedUsd(typed)).toStrictEqual({ wrong: expect.stringMatching(/\.$/) as string })
  },
)

test('what is shown can be typed again', () => {
  for (const nano of ['1', '500000000', '9007199254740993', '12345000000'])
    expect(typedUsd(exactUsd(nano))).toStrictEqual({ nano })
})
