import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineDiff, type Run } from './line-diff.ts'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 14 })
const without = (runs: readonly Run[], kind: Run['kind']) =>
  runs.filter(run => run.kind !== kind).flatMap(run => run.lines)

/** The length of the longest common subsequence, the slow way. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0).concat(0)
  for (const one of a) {
    const next = [0]
    for (const [at, other] of b.entries())
      next.push(one === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0))
    row = next
  }
  return Math.max(...row)
}

test('what is the same and what went is the text before, what is the same and what came is the text after', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const runs = lineDiff(before, after)
      expect(without(runs, 'new')).toEqual(before)
      expect(without(runs, 'gone')).toEqual(after)
    }),
    { numRuns: 500 },
  )
})

test('as few lines as possible went and came', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const same = lineDiff(before, after)
        .filter(({ kind }) => kind === 'same')
        .flatMap(run => run.lines)
      expect(same).toHaveLength(common(before, after))
    }),
  )
})

test('texts that have nothing in common are told whole, and soon', () => {
  const before = Array.from({ length: 20_000 }, (_, at) => `a${at}`)
  const after = Array.from({ length: 20_000 }, (_, at) => `b${at}`)
  expect(lineDiff(before, after).map(({ kind, lines: all }) => [kind, all.length])).toEqual([
    ['gone', 20_000],
    ['new', 20_000],
  ])
})
