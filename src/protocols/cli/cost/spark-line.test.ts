import { expect, test } from 'vitest'
import { fillBar, sparkLine } from './spark-line.ts'

test.each<[number[], string]>([
  [[], ''],
  [[0, 0], '··'],
  [[1, 8], '▁█'],
  [[0, 1, 2, 4, 8], '·▁▂▄█'],
  [[-5, 10], '·█'],
  [[7], '█'],
])('%j is %s', (amounts, line) => expect(sparkLine(amounts.map(BigInt))).toBe(line))

test('more days than room are gathered, and none is lost', () => {
  const days = Array.from({ length: 61 }, (_, day) => (day === 60 ? 8n : day === 0 ? 1n : 0n))
  const line = sparkLine(days, 30)
  expect(line.length).toBeLessThanOrEqual(30)
  expect([line[0], line.at(-1)]).toStrictEqual(['▁', '█'])
})

test.each<[number, number, number, string]>([
  [0, 0, 100, '░░░░░░░░░░'],
  [50, 20, 100, '█████▒▒░░░'],
  [1, 0, 1000, '█░░░░░░░░░'],
  [150, 50, 100, '██████████'],
  [95, 50, 100, '█████████▒'],
  [0, 0, 0, '██████████'],
])('%d spent and %d held of %d is %s', (spent, held, whole, bar) =>
  expect(fillBar(BigInt(spent), BigInt(held), BigInt(whole), 10)).toBe(bar),
)
