import { expect, test } from 'vitest'
import { encodingFor } from './content-encoding.ts'

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['GZIP;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.000', undefined],
  ['br; q=0.001', 'br'],
  ['*', undefined],
  ['bra, x-br', undefined],
  ['', undefined],
  [undefined, undefined],
])('whoever accepts %j gets %j', (accepted, encoding) => {
  expect(encodingFor(accepted, ['br', 'gzip'])).toBe(encoding)
})

test('a form that was not built is not chosen', () => {
  expect(encodingFor('br, gzip', ['gzip'])).toBe('gzip')
  expect(encodingFor('br, gzip', [])).toBeUndefined()
})
