import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldTask } from './fold-task.ts'
import type { TaskEvent, TaskSnapshot } from './task-shape.ts'
import { artifactText, unbegun, viewOf, type DeclaredStep, type TaskView } from './task-view.ts'

const STEPS: readonly DeclaredStep[] = [
  { name: 'search', title: 'Search', after: [] },
  { name: 'rank', title: 'Rank', after: ['search'] },
  { name: 'generate', title: 'Generate', after: ['rank'] },
]
const TASK: TaskSnapshot = {
  task_id: 't',
  context_id: 'c',
  status: { state: 'completed', at: '2026-11-21T10:00:09.000Z', say: 'Done.' },
  last_sequence: 9,
}
type Told<E = TaskEvent> = E extends TaskEvent ? Omit<E, 'sequence' | 'at'> : never

const at = (sequence: number): string => `2026-11-21T10:00:0${sequence}.000Z`
const events = (...told: Told[]): TaskEvent[] =>
  told.map((event, index) => ({ ...event, sequence: index + 1, at: at(index + 1) }))
const seen = (list: readonly TaskEvent[], from: TaskView = unbegun(TASK, STEPS)): TaskView =>
  list.reduce(foldTask, from)
const statesOf = ({ steps }: TaskView) => steps.map(({ state }) => state)
const text = (content: string, append = true, last = false): Told => ({
  kind: 'artifact',
  artifact_id: 'answer',
  name: 'Answer',
  parts: [{ text: content, media_type: 'text/markdown' }],
  append,
  last,
})

test('before any event, all steps wait and nothing is said', () => {
  expect(unbegun(TASK, STEPS)).toMatchObject({
    state: 'submitted',
    say: undefined,
    last_sequence: 0,
    artifacts: [],
  })
  expect(statesOf(unbegun(TASK, STEPS))).toEqual(['waiting', 'waiting', 'waiting'])
})

test('a step runs from its begin until it tells its result', () => {
  const view = seen(
    events(
      { kind: 'state', state: 'working' },
      { kind: 'step', step: 'search', attempt: 1 },
      { kind: 'progress', event: 'search_complete', step: 'search', say: 'Found 10 documents' },
      { kind: 'step', step: 'rank', attempt: 1 },
    ),
  )
  expect(statesOf(view)).toEqual(['done', 'running', 'waiting'])
  expect(view.steps[0]).toMatchObject({ said: ['Found 10 documents'], began_at: at(2), ended_at: at(3) })
  expect(view).toMatchObject({ state: 'working', began_at: at(1), last_sequence: 4 })
})

test('a step that tells nothing is done when one begins that needs its result', () => {
  const view = seen(
    events({ kind: 'step', step: 'search', attempt: 1 }, { kind: 'step', step: 'generate', attempt: 1 }),
  )
  expect(statesOf(view)).toEqual(['done', 'waiting', 'running'])
})

test('a step that is begun once more has said nothing yet', () => {
  const view = seen(
    events(
      { kind: 'step', step: 'search', attempt: 1 },
      { kind: 'progress', event: 'e', step: 'search', say: 'half' },
      { kind: 'step', step: 'search', attempt: 2 },
    ),
  )
  expect(view.steps[0]).toEqual({ ...STEPS[0], state: 'running', attempt: 2, began_at: at(3), said: [] })
})

test.for([
  ['completed', 'done'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
  ['canceled', 'canceled'],
] as const)('when the task is %s, a step that runs is %s; others stay as they are', ([state, step]) => {
  const view = seen(
    events({ kind: 'step', step: 'search', attempt: 1 }, { kind: 'state', state, say: 'It ended.' }),
  )
  expect(statesOf(view)).toEqual([step, 'waiting', 'waiting'])
  expect(view).toMatchObject({ state, say: 'It ended.' })
})

test('words of an earlier state are gone with it', () => {
  const view = seen(
    events(
      { kind: 'state', state: 'input_required', say: 'Which year?', reason: 'asked', facts: { a: 1 } },
      { kind: 'state', state: 'working' },
    ),
  )
  expect(view).toMatchObject({ say: undefined, reason: undefined, facts: undefined })
})

describe('artifacts', () => {
  test('text in pieces is one part, whole when the last piece is there', () => {
    const view = seen(events(text('The ', false), text('answer'), text('.', true, true)))
    expect(view.artifacts).toEqual([
      {
        artifact_id: 'answer',
        name: 'Answer',
        parts: [{ text: 'The answer.', media_type: 'text/markdown' }],
        is_complete: true,
      },
    ])
    expect(artifactText(view, 'answer')).toBe('The answer.')
  })

  test('one that begins anew holds nothing of what it was', () => {
    expect(artifactText(seen(events(text('half an', false), text('whole', false))), 'answer')).toBe('whole')
  })

  test('a snapshot and what came after it give what all events give', () => {
    const all = events(text('a', false), text('b'), text('c'))
    const [snapshot] = all.slice(0, 2).reduce(foldTask, unbegun(TASK)).artifacts
    const artifact = snapshot ?? { artifact_id: '', name: '', parts: [] }
    const resumed = viewOf({ ...TASK, last_sequence: 2, artifacts: [artifact] })
    expect(artifactText(seen(all, resumed), 'answer')).toBe('abc')
  })
})

test('a step that was not declared, and an event that is not known, do no harm', () => {
  const view = seen([
    ...events({ kind: 'step', step: 'extra', attempt: 1 }),
    { kind: 'mood', sequence: 2, at: at(2) } as unknown as TaskEvent,
  ])
  expect(view.steps.at(-1)).toMatchObject({ name: 'extra', title: 'extra', state: 'running' })
  expect(view.last_sequence).toBe(2)
})

test('events that come twice change nothing, however often and wherever', () => {
  const all = events(
    { kind: 'step', step: 'search', attempt: 1 },
    text('a', false),
    text('b'),
    { kind: 'progress', event: 'e', step: 'search', say: 'done' },
    { kind: 'state', state: 'completed' },
  )
  fc.assert(
    fc.property(fc.array(fc.nat(4)), repeats => {
      const again = all.flatMap((event, index) => [
        event,
        ...repeats.filter(n => n <= index).map(n => all[n] ?? event),
      ])
      expect(seen(again)).toEqual(seen(all))
    }),
  )
})
