import { afterEach, expect, test, vi } from 'vitest'
import { asFault, fault } from '../../../platform/faults.ts'
import type { Task, TaskEvent, TaskState } from '../../client/task/task-shape.ts'
import type { TenantCaller } from '../acting-in.ts'
import { watchTask } from './watch-task.ts'

const AT = '2026-11-21T10:00:00.000Z'
type Told<E = TaskEvent> = E extends TaskEvent ? Omit<E, 'sequence' | 'at'> : never

const CITATION = { n: 1, doc_id: 'd1', title: 'Plan', page: 3, quote: 'q', verified: true }
const DONE: Told[] = [
  { kind: 'state', state: 'working' },
  { kind: 'step', step: 'search', attempt: 1 },
  { kind: 'progress', event: 'search_complete', step: 'search', say: 'Found 2 documents' },
  {
    kind: 'artifact',
    artifact_id: 'answer',
    name: 'answer',
    parts: [{ text: 'Within ' }],
    append: false,
    last: false,
  },
  {
    kind: 'artifact',
    artifact_id: 'answer',
    name: 'answer',
    parts: [{ text: '72 hours [1].' }],
    append: true,
    last: true,
  },
  { kind: 'state', state: 'completed' },
]

interface Faked {
  readonly events?: readonly Told[]
  readonly status?: Partial<Task['status']>
  readonly unsupported?: readonly unknown[]
  /** Instead of the answer of that call of follow_task. */
  readonly failures?: ReadonlyMap<number, Error>
}

/** A server that gives two events a call, and one of them twice. */
function watching({ events = DONE, status = {}, unsupported = [], failures = new Map() }: Faked, more = {}) {
  const all: TaskEvent[] = events.map((event, at) => ({ ...event, sequence: at + 1, at: AT }))
  const out: string[] = []
  const err: string[] = []
  const asked: number[] = []
  const task: Task = {
    task_id: 't1',
    context_id: 'c1',
    workflow: 'rag',
    status: { state: 'completed', at: AT, ...status },
    created_at: AT,
    last_sequence: all.length,
    cost_nano: '1200000',
    artifacts: [
      { artifact_id: 'answer', name: 'answer', parts: [{ text: 'Within 72 hours [1].' }] },
      {
        artifact_id: 'citations',
        name: 'citations',
        parts: [
          {
            data: {
              citations: [CITATION, CITATION, { ...CITATION, n: 2, verified: false, problem: 'moved' }],
              unsupported,
            } as never,
          },
        ],
      },
    ],
  }
  const caller: TenantCaller = {
    ready: async () => undefined,
    async run(operation, input) {
      if (operation === 'get_task') return { task }
      if (operation === 'list_workflows')
        return { workflows: [{ name: 'rag', steps: [{ name: 'search', title: 'Search', after: [] }] }] }
      const after = Number(input['after'])
      asked.push(after)
      const failure = failures.get(asked.length)
      if (failure !== undefined) throw failure
      const given = all.slice(Math.max(0, after - 1), after + 2)
      const last = given.at(-1)?.sequence ?? after
      const ended = ['completed', 'failed', 'canceled', 'rejected'].includes(task.status.state)
      const fresh = given.filter(({ sequence }) => sequence > after)
      return {
        events: fresh.length === 0 ? [] : given,
        last_sequence: last,
        is_over: ended && last === all.length,
      }
    },
  }
  const deps = {
    caller,
    signal: new AbortController().signal,
    isJson: false,
    commandFor: (verb: string, id: string, rest = '') => `gatehouse task ${verb} ${id} ${rest}`.trimEnd(),
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    patience: { firstPauseMs: 1 },
    ...more,
  }
  return { end: () => watchTask('t1', deps), out: () => out.join(''), err: () => err.join(''), asked }
}

afterEach(() => void vi.restoreAllMocks())

test('a pipe gets what happens in lines, and the answer with its checked citations at the end', async () => {
  const { end, out, err } = watching({ unsupported: [{ problem: 'fabricated', text: 'No such words' }] })
  expect(await end()).toBe(0)
  expect(err()).toBe('working\nSearch: begun\nSearch: Found 2 documents\nartifact: answer\ncompleted\n')
  expect(out()).toBe(
    [
      'Within 72 hours [1].',
      '',
      '✓ [1] Plan, page 3 · d1 · verified',
      '✗ [2] Plan, page 3 · d1 · not verified (moved)',
      '✗ "No such words" · fabricated',
      '',
      'rag · completed · $0.0012 · 0.0s',
      '',
    ].join('\n'),
  )
})

test('with --json every event is one line, once and in order, and the task is the last', async () => {
  const { end, out, err } = watching({}, { isJson: true })
  expect(await end()).toBe(0)
  const lines = out()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { sequence?: number; kind: string })
  expect(lines.slice(0, -1).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6])
  expect(lines.at(-1)).toMatchObject({ kind: 'task', task: { task_id: 't1' } })
  expect(err()).toBe('')
})

test('a server that is away for a moment is asked again from the same place', async () => {
  const away = fault('unavailable', { reason: 'no_server' })
  // What a server says of a call when it stops.
  const stopping = fault('cancelled')
  const { end, asked, err } = watching({
    failures: new Map([
      [2, away],
      [3, stopping],
    ]),
  })
  expect(await end()).toBe(0)
  expect(asked.slice(0, 4)).toEqual([0, 2, 2, 2])
  expect(err().match(/begun/g)).toHaveLength(1)
})

test.for<[TaskState, string | undefined, string, string]>([
  ['failed', 'deadline', 'timeout', 'deadline'],
  ['failed', 'auth_expired', 'unauthenticated', 'auth_expired'],
  ['failed', 'budget_exceeded', 'budget_exceeded', 'budget_exceeded'],
  ['failed', 'sources_not_verified', 'conflict', 'sources_not_verified'],
  ['failed', 'internal', 'conflict', 'internal'],
  ['failed', undefined, 'conflict', 'task_failed'],
  ['rejected', undefined, 'conflict', 'task_rejected'],
  ['canceled', 'canceled', 'cancelled', 'canceled'],
])('a task that %s for %s ends the command as %s', async ([state, reason, code, told]) => {
  const status = { state, reason, say: 'Why.' }
  const { end, err } = watching({ events: [...DONE.slice(0, 2), { kind: 'state', ...status }], status })
  expect(asFault(await end().catch((error: unknown) => error))).toMatchObject({
    code,
    reason: told,
    say: 'Why.',
  })
  expect(err()).toContain(`${state}: Why.`)
})

test('a task that asks for something says how to answer, and has an exit code of its own', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue(undefined)
  const asks = { state: 'input_required' as const, say: 'Which year?', reason: 'question' }
  const { end, asked } = watching({ events: [...DONE.slice(0, 2), { kind: 'state', ...asks }], status: asks })
  expect(await end()).toBe(9)
  expect(said.mock.calls.flat()).toEqual([
    'gatehouse: Which year?',
    '→ gatehouse task answer t1 "…"',
    '{"error":{"code":"waiting","message":"Which year?","reason":"question"}}',
  ])
  // Nothing follows: it is asked once more before that is believed.
  expect(asked.at(-1)).toBe(3)
})

test('a question that was answered long ago ends nothing', async () => {
  const { end, err } = watching({
    events: [{ kind: 'state', state: 'input_required', say: 'Which year?' }, ...DONE],
  })
  expect(await end()).toBe(0)
  expect(err()).toMatch(/^input required: Which year\?\nworking\n/)
})

test('Ctrl-C ends the watching, not the task, and says how to go on', async () => {
  const stop = new AbortController()
  const failures = new Map([[2, fault('cancelled')]])
  const { end } = watching({ failures }, { signal: stop.signal })
  stop.abort()
  const problem = asFault(await end().catch((error: unknown) => error))
  expect(problem).toMatchObject({ code: 'cancelled', reason: 'interrupted' })
  expect(problem.say).toBe(
    'Stopped watching; the task goes on. Watch on: gatehouse task watch t1. End it: gatehouse task cancel t1',
  )
})
