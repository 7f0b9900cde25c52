import { describe, expect, test } from 'vitest'
import type { Task } from '../../../api/operations.gen.ts'
import { askedAgain, questionOf } from './asked-again.ts'
import { endWords } from './end-words.ts'

const TASK: Task = {
  task_id: 't',
  context_id: 'c',
  workflow: 'rag',
  label: 'M-1',
  status: { state: 'failed', at: '' },
  created_at: '',
  cost_nano: '0',
  last_sequence: 9,
  history: [
    { message_id: '1', role: 'user', parts: [{ text: 'When?' }, { data: { model: 'm', limit: 3 } }], at: '' },
    { message_id: '2', role: 'agent', parts: [{ text: 'Which year?' }], at: '' },
    { message_id: '3', role: 'user', parts: [{ text: '2026' }], at: '' },
  ],
}

test('asked again, a task has the input it was begun with, not what was said later', () => {
  expect(askedAgain(TASK, 'k')).toEqual({
    workflow: 'rag',
    context_id: 'c',
    idempotency_key: 'k',
    label: 'M-1',
    input: { question: 'When?', model: 'm', limit: 3 },
  })
})

test('without its first message a task cannot be asked again', () => {
  expect(askedAgain({ ...TASK, history: [] }, 'k')).toBeUndefined()
  expect(questionOf({ history: [] })).toBe('')
})

describe('why a task ended', () => {
  test('a budget that is used up leads to the costs, also while the task waits for it', () => {
    expect(endWords('input_required', 'budget_exceeded')).toMatchObject({ goTo: 'costs' })
  })
  test('a reason that a newer server may tell has the words of the state', () => {
    expect(endWords('failed', 'of tomorrow')).toMatchObject({ title: 'It failed' })
  })
  test('of what goes on, asks or is done nothing is told', () => {
    for (const state of ['submitted', 'working', 'input_required', 'completed'])
      expect(endWords(state, undefined)).toBeUndefined()
  })
})
