import { expect, test } from 'vitest'
import { costOfSteps } from './step-costs.ts'

const at = (second: number) => `2026-11-21T10:00:0${second}.000Z`
const ran = (name: string, from: number, to: number) => ({
  name,
  title: name,
  after: [],
  state: 'done' as const,
  attempt: 1,
  began_at: at(from),
  ended_at: at(to),
  said: [],
})
const charge = (step: string, second: number, cost_nano = '7', model = 'm') => ({
  step,
  model,
  operation: 'generate',
  requests: 1,
  units_in: 10,
  units_out: 5,
  cost_nano,
  first_at: at(second),
  last_at: at(second),
})
const STEPS = [ran('search', 1, 3), ran('generate', 3, 6)]

test('a charge belongs to the step of its name, or to the one that ran then', () => {
  const costs = costOfSteps(STEPS, [charge('embed_query', 2), charge('generate', 1), charge('answer', 5)], [])
  expect(costs.get('search')).toMatchObject({ requests: 1, cost_nano: '7' })
  expect(costs.get('generate')).toMatchObject({ requests: 2, units_in: 20, units_out: 10, cost_nano: '14' })
})

test('amounts too large for a number, and corrections, are added exactly', () => {
  const costs = costOfSteps(
    STEPS,
    [charge('answer', 4, '9007199254740993', 'a'), charge('answer', 5, '-2', 'b')],
    [],
  )
  expect(costs.get('generate')).toMatchObject({ cost_nano: '9007199254740991', models: ['a', 'b'] })
})

test('a charge of a time at which nothing ran belongs to no step', () => {
  expect(costOfSteps(STEPS, [charge('answer', 9)], [])).toEqual(new Map())
})

test('what an attempt that was interrupted spent belongs to its step', () => {
  const begun = (attempt: number, second: number) =>
    ({ kind: 'step', step: 'generate', attempt, sequence: attempt, at: at(second) }) as const
  const again = [ran('search', 1, 2), { ...ran('generate', 6, 9), attempt: 2 }]
  const costs = costOfSteps(again, [charge('answer', 4), charge('answer', 8)], [begun(1, 3), begun(2, 6)])
  expect(costs.get('generate')).toMatchObject({ requests: 2 })
})
