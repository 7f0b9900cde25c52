import { expect, test } from 'vitest'
import { countsOf, countWords, grouped, type Outcome, type Planned } from './grouped.ts'

const planned: Planned[] = [
  { id: 'AU01', title: 'forged', group: 'credentials' },
  { id: 'RL01', title: 'rows', group: 'database' },
  { id: 'RL01', title: 'other rows', group: 'database' },
]
const ended = (index: number, outcome: Outcome['outcome']): Outcome => ({
  ...planned[index]!,
  outcome,
  detail: 'so it was',
  tries: null,
  ms: 1,
})

test('attacks stand by group, in the order of the plan, each with what came of it', () => {
  const groups = grouped(planned, [ended(0, 'held'), ended(1, 'found')])
  expect(
    groups.map(({ name, attempts }) => [name, attempts.map(({ outcome }) => outcome?.outcome)]),
  ).toStrictEqual([
    ['credentials', ['held']],
    ['database', ['found', undefined]],
  ])
  expect(groups[1]?.counts).toStrictEqual({ held: 0, found: 1, not_run: 0, broke: 0, left: 1 })
})

test('the worst is said first, and what is not there is not said', () => {
  const attempts = grouped(planned, [ended(0, 'held'), ended(1, 'found')]).flatMap(group => group.attempts)
  expect(countWords(countsOf(attempts))).toBe('1 found, 1 held, 1 to come')
  expect(countWords(countsOf([]))).toBe('')
})
