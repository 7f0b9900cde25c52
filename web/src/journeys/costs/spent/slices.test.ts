import { expect, test } from 'vitest'
import { slicesOf } from './slices.ts'

const row = (id: string | null, cost_nano: string, days: string[] = []) => ({
  id,
  cost_nano,
  days,
  requests: 1,
  units_in: 0,
  units_out: 0,
  share: 0,
})
const total = (cost_nano: string) => ({ cost_nano })

test('the dearest five by name, the others together, and nothing is lost', () => {
  const rows = ['40', '20', '10', '8', '6', '5', '1'].map((nano, index) =>
    row(`m${index}`, nano, [nano, '0']),
  )
  const slices = slicesOf(rows, total('90'))
  expect(slices.map(({ id, cost_nano }) => `${String(id)} ${cost_nano}`)).toStrictEqual([
    'm0 40',
    'm1 20',
    'm2 10',
    'm3 8',
    'm4 6',
    'undefined 6',
  ])
  expect(slices.at(-1)?.days).toStrictEqual(['6', '0'])
  expect(slices.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 5)
})

test('a sixth is named rather than called the others', () => {
  const rows = Array.from({ length: 6 }, (_, index) => row(`m${index}`, '1'))
  expect(slicesOf(rows, total('6')).map(({ id }) => id)).toStrictEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5'])
})

test('what is beyond the report counts among the others', () => {
  expect(slicesOf([row(null, '1')], total('10'))).toMatchObject([
    { id: null },
    { id: undefined, cost_nano: '9', part: 0.9 },
  ])
})

test('amounts beyond 2^53 and below nothing', () => {
  const slices = slicesOf([row('a', '9007199254740993'), row('b', '-3')], total('9007199254740990'))
  expect(slices.map(({ part }) => part)).toStrictEqual([1, 0])
})

test('of nothing there is none', () => {
  expect(slicesOf([], total('0'))).toStrictEqual([])
})
