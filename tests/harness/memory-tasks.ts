// The operations of tasks as protocols see them, over tasks in memory: for tests of a wire alone, without a database and
// without anything that runs. Their inputs are those of the real ones where a wire depends on it.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { Task, TaskEvent, TaskId } from '../../src/features/agents/tasks/task-shape.ts'
import { TASK_STATES } from '../../src/features/agents/tasks/task-states.ts'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import type { OpenedCall } from '../../src/gate/open-call.ts'
import { streamOpener, type NextInput } from '../../src/gate/streams/open-stream.ts'
import {
  defineOperation,
  type Operation,
  type ReadOperation,
  type TenantOperation,
} from '../../src/gate/operation.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { unauthenticated } from '../../src/gate/tokens/unauthenticated.ts'
import { fault } from '../../src/platform/faults.ts'

export const UNKNOWN = '018f3e2a-0000-7000-8000-0000000000ff'

interface Kept {
  readonly id: string
  readonly subject: string
  readonly events: z.output<typeof TaskEvent>[]
}

interface Context {
  readonly principal: TenantPrincipal
  readonly requestId: string
  readonly signal: AbortSignal
}

export interface MemoryTasks {
  readonly catalog: readonly Operation[]
  readonly run: (
    operation: TenantOperation,
    input: unknown,
    context: Context,
  ) => Promise<Record<string, unknown>>
  readonly stream: (
    operation: ReadOperation,
    input: unknown,
    context: Context,
    next: NextInput,
  ) => AsyncGenerator<Record<string, unknown>>
  /** What start_task was given, and by whom, in order. */
  readonly started: { readonly subject: string; readonly input: Record<string, unknown> }[]
  /** Works, finds something, shows an artifact, and is completed. */
  finish(taskId: string): void
}

const AT = '2027-01-01T00:00:00.000Z'

/** `Bearer <name>` of whoever is not called nobody; `powerless` has no scope. */
export async function principalOf(authorization: string | undefined): Promise<TenantPrincipal> {
  const subject = /^Bearer ([a-z]+)$/.exec(authorization ?? '')?.[1]
  if (subject === undefined || subject === 'nobody') throw unauthenticated('invalid')
  return {
    realm: 'tenant',
    tenantId: '018f3e2a-0000-7000-8000-00000000000a',
    subject,
    scopes: new Set(subject === 'powerless' ? [] : ['tasks:read', 'tasks:write']),
    tokenId: `${subject}-token`,
    expiresAt: 4_102_444_800,
  }
}

export function memoryTasks(): MemoryTasks {
  const kept: Kept[] = []
  const started: MemoryTasks['started'] = []
  const stages = { takeToken: () => undefined, record: async () => undefined }
  const runOperation = operationRunner(stages)
  const openStream = streamOpener(stages)
  const opened = (context: Context) =>
    ({ realm: 'tenant', call: { ...context, traceId: '', about: () => undefined } }) as unknown as OpenedCall
  return {
    catalog: catalogOver(kept, started),
    started,
    run: (operation, input, context) => runOperation(operation, input, opened(context)),
    stream: (operation, input, context, next) => openStream(operation, input, opened(context), next),
    finish(taskId) {
      const { events } = kept.find(({ id }) => id === taskId) ?? { events: [] }
      add(events, { kind: 'state', state: 'working' })
      const say = 'Found 3 documents'
      add(events, {
        kind: 'progress',
        event: 'search_complete',
        step: 'search',
        say,
        facts: { documents: 3 },
      })
      const parts = [{ text: 'Within 72 hours.' }]
      add(events, {
        kind: 'artifact',
        artifact_id: 'answer',
        name: 'Answer',
        parts,
        append: false,
        last: true,
      })
      add(events, { kind: 'state', state: 'completed' })
    },
  }
}

function catalogOver(kept: Kept[], started: MemoryTasks['started']): Operation[] {
  const words = (name: string) => ({ name, title: name, description: name })
  const reads = { realm: 'tenant', access: 'read', scope: 'tasks:read' } as const
  const writes = { realm: 'tenant', access: 'write', scope: 'tasks:write' } as const
  const own = (id: string, subject: string): Kept => {
    const found = kept.find(one => one.id === id && one.subject === subject)
    if (found === undefined)
      throw fault('not_found', { reason: 'unknown_task', say: 'You have no such task.' })
    return found
  }
  return [
    defineOperation({
      ...writes,
      ...words('start_task'),
      input: z.strictObject({
        workflow: z.string().optional(),
        question: z.string().optional(),
        input: z.record(z.string(), z.json()).optional(),
        label: z.string().optional(),
        idempotency_key: z.string().optional(),
      }),
      output: z.strictObject({ task: Task }),
      async run(input, { principal: { subject } }) {
        started.push({ subject, input })
        const task: Kept = { id: randomUUID(), subject, events: [] }
        add(task.events, { kind: 'state', state: 'submitted' })
        kept.unshift(task)
        return { task: shown(task) }
      },
    }),
    defineOperation({
      ...reads,
      ...words('get_task'),
      input: z.strictObject({ task_id: TaskId }),
      output: z.strictObject({ task: Task }),
      run: async ({ task_id }, { principal }) => ({ task: shown(own(task_id, principal.subject)) }),
    }),
    defineOperation({
      ...writes,
      ...words('cancel_task'),
      input: z.strictObject({ task_id: TaskId }),
      output: z.strictObject({ task: Task }),
      async run({ task_id }, { principal }) {
        const task = own(task_id, principal.subject)
        add(task.events, { kind: 'state', state: 'canceled' })
        return { task: shown(task) }
      },
    }),
    defineOperation({
      ...reads,
      ...words('list_tasks'),
      input: z.strictObject({
        context_id: z.guid().optional(),
        state: z.enum(TASK_STATES).optional(),
        page_size: z.int().min(1).max(100).default(50),
        page_token: z.string().optional(),
      }),
      output: z.strictObject({
        tasks: z.array(Task),
        next_page_token: z.string(),
        page_size: z.int(),
        total_size: z.int(),
      }),
      async run({ page_size, page_token = '0' }, { principal }) {
        const mine = kept.filter(({ subject }) => subject === principal.subject)
        const end = Number(page_token) + page_size
        const tasks = mine.slice(Number(page_token), end).map(shown)
        const next_page_token = end < mine.length ? String(end) : ''
        return { tasks, next_page_token, page_size, total_size: mine.length }
      },
    }),
    defineOperation({
      ...reads,
      ...words('follow_task'),
      input: z.strictObject({ task_id: TaskId, after: z.int().min(0).optional(), wait_seconds: z.number() }),
      output: z.strictObject({
        task: Task.optional(),
        gap: z.boolean().optional(),
        events: z.array(TaskEvent),
        last_sequence: z.int(),
        is_over: z.boolean(),
      }),
      async run({ task_id, after }, { principal, signal }) {
        if (signal.aborted) throw fault('cancelled')
        const task = own(task_id, principal.subject)
        const last_sequence = task.events.length
        const is_over = shown(task).status.state === 'completed'
        if (after === undefined || after > last_sequence)
          return { task: shown(task), gap: true, events: [], last_sequence, is_over }
        if (after === last_sequence && !is_over) await pause(10)
        return { events: task.events.slice(after, last_sequence), last_sequence, is_over }
      },
    }),
  ]
}

type NewEvent =
  z.output<typeof TaskEvent> extends infer Each
    ? Each extends unknown
      ? Omit<Each, 'sequence' | 'at'>
      : never
    : never

function add(events: Kept['events'], event: NewEvent): void {
  events.push({ ...event, sequence: events.length + 1, at: AT })
}

function shown({ id, events }: Kept): z.output<typeof Task> {
  const states = events.flatMap(event => (event.kind === 'state' ? [event.state] : []))
  return {
    task_id: id,
    context_id: '018f3e2a-0000-7000-8000-0000000000cc',
    workflow: 'rag',
    status: { state: states.at(-1) ?? 'submitted', at: AT },
    created_at: AT,
    last_sequence: events.length,
    cost_nano: '0',
  }
}
