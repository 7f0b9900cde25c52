import { expect, test } from 'vitest'
import type { Connection } from '../../../api/follow.ts'
import type { Task, TaskEvent } from '../../../api/operations.gen.ts'
import { snapshotOf } from './task-shapes.ts'
import { connectionWords, NEVER_LOST, toldAfter } from './connection-words.ts'
import { notYetFollowed, withAnswer } from './followed.ts'

const TASK: Task = {
  task_id: 't',
  context_id: 'c',
  workflow: 'rag',
  status: { state: 'working', at: '' },
  created_at: '',
  cost_nano: '0',
  last_sequence: 9,
}
const STEPS = [{ name: 'search', title: 'Search', after: [] }]
const event = (sequence: number): TaskEvent => ({
  sequence,
  at: '2026-11-21T10:00:00.000Z',
  kind: 'artifact',
  artifact_id: 'answer',
  name: 'answer',
  parts: [{ text: `${sequence} ` }],
  append: true,
  last: false,
})
const told = (...sequences: number[]) => ({
  events: sequences.map(event),
  last_sequence: sequences.at(-1) ?? 0,
  is_over: false,
})
const begun = notYetFollowed(snapshotOf(TASK), STEPS)
const words = (connections: readonly Connection[], followed = begun, lostAt = 2) => {
  const last = connections.at(-1) ?? { state: 'live' as const }
  const tale = connections.reduce((before, one) => toldAfter(before, one, lostAt), NEVER_LOST)
  return connectionWords(last, tale, followed)
}
const LOST: Connection = { state: 'reconnecting', attempt: 2 }

test('events are put together in order, and those that come twice change nothing', () => {
  const whole = [told(1, 2), told(2, 3), told(1, 2, 3, 4)].reduce(withAnswer, begun)
  expect(whole.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
  expect(whole.view.artifacts[0]?.parts).toEqual([{ text: '1 2 3 4 ' }])
  expect(whole.missing).toEqual([])
})

test('a sequence that never came is known', () => {
  expect(withAnswer(withAnswer(begun, told(1, 2)), told(5, 6)).missing).toEqual([{ from: 3, to: 4 }])
})

test('a server that knows less than was seen here is believed, and the loss is known', () => {
  const seen = withAnswer(begun, told(1, 2, 3))
  const gap = { ...told(), gap: true, task: { ...TASK, last_sequence: 2 } }
  const restarted = withAnswer(seen, gap)
  expect(restarted.view).toMatchObject({ state: 'working', last_sequence: 2 })
  expect(restarted.missing).toEqual([{ from: 1, to: 2 }])
})

test('nothing is said of a connection that was never lost', () => {
  expect(words([{ state: 'connecting' }, { state: 'live' }, { state: 'over' }])).toBeUndefined()
})

test('a lost connection is told with the attempt; back, that nothing was missed', () => {
  expect(words([{ state: 'live' }, LOST])).toMatchObject({
    tone: 'warn',
    words: expect.stringContaining('trying again (2)') as unknown,
  })
  const whole = withAnswer(begun, told(1, 2, 3, 4))
  expect(words([{ state: 'live' }, LOST, { state: 'live' }], whole)).toEqual({
    tone: 'good',
    words: 'Back: nothing was missed. Events 1 to 4 are all here, 2 events since.',
  })
})

test('back with a hole in the sequence, it is never said that nothing was missed', () => {
  const torn = withAnswer(withAnswer(begun, told(1, 2)), told(4))
  expect(words([LOST, { state: 'live' }], torn)).toEqual({
    tone: 'wrong',
    words: 'Back, but the server did not tell the events 3 again.',
  })
})
