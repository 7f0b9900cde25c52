import { expect, test } from 'vitest'
import type { Task } from '../../../api/operations.gen.ts'
import { conversationsOf, inOrder } from './conversation.ts'

const task = (id: string, context: string, second: number, text?: string): Task => ({
  task_id: id,
  context_id: context,
  workflow: 'rag',
  created_at: `2026-11-21T10:00:0${second}.000Z`,
  status: { state: 'completed', at: `2026-11-21T10:01:0${second}.000Z` },
  last_sequence: 1,
  cost_nano: '0',
  history: text === undefined ? [] : [{ message_id: id, role: 'user', parts: [{ text }], at: '' }],
})
const TASKS = [
  task('3', 'b', 5, 'Later?'),
  task('2', 'a', 4, 'And then?'),
  task('1', 'a', 1, 'What\n is it?'),
]

test('a conversation is told from its beginning', () => {
  expect(inOrder(TASKS).map(({ task_id }) => task_id)).toEqual(['1', '2', '3'])
})

test('conversations bear their first question, the newest first', () => {
  expect(conversationsOf(TASKS)).toEqual([
    { contextId: 'b', title: 'Later?', at: '2026-11-21T10:01:05.000Z', turns: 1 },
    { contextId: 'a', title: 'What is it?', at: '2026-11-21T10:01:04.000Z', turns: 2 },
  ])
  expect(conversationsOf([task('1', 'a', 1)])[0]?.title).toBe('rag')
})
