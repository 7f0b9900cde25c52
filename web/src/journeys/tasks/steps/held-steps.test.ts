import { expect, test } from 'vitest'
import { heldSteps } from './held-steps.ts'

const step = (state: 'running' | 'done') => ({
  name: state,
  title: state,
  after: [],
  state,
  attempt: 1,
  said: [],
})
const STEPS = [step('done'), step('running')]
const statesIn = (state: 'working' | 'input_required' | 'auth_required') =>
  heldSteps({ state, steps: STEPS }).map(one => one.state)

test('nothing runs while a task waits for somebody', () => {
  expect(statesIn('working')).toEqual(['done', 'running'])
  expect(statesIn('input_required')).toEqual(['done', 'waiting'])
  expect(statesIn('auth_required')).toEqual(['done', 'waiting'])
})
