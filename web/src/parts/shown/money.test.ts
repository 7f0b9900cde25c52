import { expect, test } from 'vitest'
import { exactUsd, usdWords } from './money.tsx'

test.each([
  ['0', '$0.00'],
  ['12500000000', '$12.50'],
  ['3997425500', '$4.00'],
  ['496002574500', '$496.00'],
  ['4200000', '$0.0042'],
  ['14800000', '$0.015'],
  ['250000000', '$0.25'],
  ['8599994', '$0.0086'],
  ['9999999', '$0.01'],
  ['99999999', '$0.10'],
  ['999999999', '$1.00'],
  ['1', '$0.000000001'],
  ['-3000000000', '-$3.00'],
  ['9007199254740993000', '$9,007,199,254.74'],
])('%s nano-USD is written %s', (nano, words) => {
  expect(usdWords(nano)).toBe(words)
})

test('no amount that is there is written as nothing', () => {
  for (let nano = 1n; nano < 10n ** 12n; nano = nano * 3n + 1n)
    expect(usdWords(String(nano)), String(nano)).toMatch(/[1-9]/)
})

test.each([
  ['1', '0.000000001'],
  ['25000000000', '25'],
  ['-9007199254740993', '-9007199.254740993'],
])('%s is exactly %s USD', (nano, usd) => {
  expect(exactUsd(nano)).toBe(usd)
})
