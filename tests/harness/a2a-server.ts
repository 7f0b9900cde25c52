// A listening server with /a2a over tasks in memory, for tests of the wire alone: the real pipeline, limits and refusals,
// no database, nothing that runs. A test plays the agent: it adds events to a task's log. Tokens are ada and bob (tenants
// A and B), powerless, expired.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Task, TaskEvent, TaskId, TaskPart } from '../../src/features/agents/tasks/task-shape.ts'
import { isTerminal, TASK_STATES, type TaskState } from '../../src/features/agents/tasks/task-states.ts'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import { memoryLimiter } from '../../src/gate/limits/memory-limiter.ts'
import type { OpenedCall } from '../../src/gate/open-call.ts'
import { streamOpener } from '../../src/gate/streams/open-stream.ts'
import { defineOperation, type Operation } from '../../src/gate/operation.ts'
import { rateLimit, ratesFrom, type Rate } from '../../src/gate/rate-limit.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { unauthenticated } from '../../src/gate/tokens/unauthenticated.ts'
import { Fault, fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { agentCards } from '../../src/protocols/a2a/card/agent-cards.ts'
import { serveA2a } from '../../src/protocols/a2a/serve-a2a.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { httpServer, type HttpServer } from '../../src/protocols/http/server.ts'
import type { CallContext } from '../../src/protocols/mcp/tools.ts'

export const TENANT_A = '018f3e2a-0000-7000-8000-00000000000a'
export const TENANT_B = '018f3e2a-0000-7000-8000-00000000000b'
export const PUBLIC_URL = 'https://agents.example'
const AT = '2026-11-21T00:00:00.000Z'

type Event = z.output<typeof TaskEvent>
/** An event without its number and time. */
export type NewEvent = Event extends infer E ? (E extends Event ? Omit<E, 'sequence' | 'at'> : never) : never

interface Kept {
  readonly id: string
  readonly owner: string
  readonly contextId: string
  readonly workflow: string
  readonly messages: { message_id: string; parts: TaskPart[] }[]
  readonly events: Event[]
}

export interface A2aServer extends HttpServer {
  readonly url: string
  /** What send_message was given, in order. */
  readonly sent: Record<string, unknown>[]
  /** What happens to a task, as its agent. */
  tell(taskId: string, ...events: NewEvent[]): void
  /** From now on ada's token is worth nothing. */
  revoke(): void
  /** send_message fails so, once. */
  failNext(problem: Error): void
  /** Questions to follow_task that wait for news now. */
  readonly waiting: () => number
}

/** `rate`: of the deployment; generous by default. */
export async function startA2aServer({ rate }: { rate?: Rate } = {}): Promise<A2aServer> {
  const state: State = { kept: [], sent: [], waiters: new Set(), revoked: false, failure: undefined }
  const log = createLogger('silent')
  const limits = rateLimit({
    limiter: memoryLimiter(),
    rates: ratesFrom(rate ?? { perSecond: 100_000, burst: 100_000 }),
  })
  const server = httpServer({
    log,
    isHttps: false,
    hosts: hostPolicy({ publicUrl: PUBLIC_URL, isLocal: true, allowedHosts: [] }),
  })
  const stages = { takeToken: limits.takeToken, record: async () => undefined }
  const runOperation = operationRunner(stages)
  const openStream = streamOpener(stages)
  const opened = (context: CallContext) =>
    ({ realm: 'tenant', call: { ...context, traceId: '', about: () => undefined } }) as unknown as OpenedCall
  const catalog = catalogOver(state)
  serveA2a(server.app, {
    catalog,
    challenge: { metadataUrl: `${PUBLIC_URL}/meta`, scopes: ['tasks:read', 'tasks:write'] },
    authenticate: async authorization => principalOf(authorization, state),
    limitPrincipal: limits.ofPrincipal,
    limitRequest: limits.ofRequest,
    run: (operation, input, context) => runOperation(operation, input, opened(context)),
    async *stream(operation, input, context, next) {
      try {
        yield* openStream(operation, input, opened(context), next)
      } catch (error) {
        throw context.signal.reason instanceof Fault ? context.signal.reason : error
      }
    },
    cards: agentCards({
      publicUrl: PUBLIC_URL,
      version: '0.0.0',
      workflows: [],
      extensions: [],
      limits: { maxBodyBytes: 4_194_304, maxTextCharacters: 200_000 },
      sign: async card => card,
    }),
    publicUrl: PUBLIC_URL,
    log,
  })
  const port = await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })
  return {
    ...server,
    url: `http://127.0.0.1:${port}`,
    sent: state.sent,
    tell: (taskId, ...events) => add(state, keptBy(state, taskId), events),
    revoke: () => void (state.revoked = true),
    failNext: problem => void (state.failure = problem),
    waiting: () => state.waiters.size,
  }
}

interface State {
  readonly kept: Kept[]
  readonly sent: Record<string, unknown>[]
  readonly waiters: Set<() => void>
  revoked: boolean
  failure: Error | undefined
}

function principalOf(authorization: string | undefined, { revoked }: State): TenantPrincipal {
  if (authorization === undefined) throw unauthenticated('missing')
  const name = /^Bearer ([a-z]+)$/.exec(authorization)?.[1] ?? ''
  if (name === 'expired') throw unauthenticated('expired')
  if (name === 'ada' && revoked) throw unauthenticated('revoked')
  if (!['ada', 'bob', 'powerless'].includes(name)) throw unauthenticated('invalid')
  return {
    realm: 'tenant',
    tenantId: name === 'bob' ? TENANT_B : TENANT_A,
    subject: name,
    scopes: new Set(name === 'powerless' ? [] : ['tasks:read', 'tasks:write']),
    tokenId: `${name}-token`,
    expiresAt: 4_102_444_800,
  }
}

function keptBy({ kept }: State, id: string): Kept {
  const found = kept.find(one => one.id === id)
  if (found === undefined) throw new Error(`no task ${id}`)
  return found
}

function own({ kept }: State, id: string, { subject }: TenantPrincipal): Kept {
  const found = kept.find(one => one.id === id && one.owner === subject)
  if (found === undefined) throw fault('not_found', { reason: 'unknown_task', say: 'You have no such task.' })
  return found
}

function add(state: State, task: Kept, events: readonly NewEvent[]): void {
  for (const event of events) {
    task.events.push({ ...event, at: AT, sequence: task.events.length + 1 })
  }
  for (const wake of state.waiters) wake()
}

function stateOf({ events }: Kept): Extract<Event, { kind: 'state' }> {
  const last = events.findLast(event => event.kind === 'state')
  if (last === undefined) throw new Error('every task begins with a state')
  return last
}

function shown(task: Kept, { history = true, artifacts = true } = {}): z.input<typeof Task> {
  const { state, at, say, reason, facts } = stateOf(task)
  const made = task.events.filter(event => event.kind === 'artifact')
  const ids = [...new Set(made.map(({ artifact_id }) => artifact_id))]
  return {
    task_id: task.id,
    context_id: task.contextId,
    workflow: task.workflow,
    status: { state, at, say, reason, facts },
    created_at: AT,
    last_sequence: task.events.length,
    cost_nano: '0',
    ...(history
      ? { history: task.messages.map(message => ({ ...message, role: 'user' as const, at: AT })) }
      : {}),
    ...(artifacts
      ? {
          artifacts: ids.map(id => {
            const pieces = made.filter(({ artifact_id }) => artifact_id === id)
            const text = pieces.flatMap(({ parts }) => parts.map(part => part.text ?? '')).join('')
            return { artifact_id: id, name: pieces[0]?.name ?? '', parts: [{ text }] }
          }),
        }
      : {}),
  }
}

function catalogOver(state: State): Operation[] {
  return [sendMessage(state), followTask(state), ...otherOperations(state)]
}

const words = (name: string) => ({ name, title: name, description: name })
const reads = { realm: 'tenant', access: 'read', scope: 'tasks:read' } as const
const writes = { realm: 'tenant', access: 'write', scope: 'tasks:write' } as const

function sendMessage(state: State): Operation {
  return defineOperation({
    ...writes,
    ...words('send_message'),
    input: z.strictObject({
      message: z.strictObject({
        message_id: z.string(),
        context_id: z.guid().optional(),
        task_id: TaskId.optional(),
        parts: z.array(TaskPart),
        metadata: z.record(z.string(), z.json()).optional(),
        reference_task_ids: z.array(TaskId).optional(),
      }),
      workflow: z.string().optional(),
      label: z.string().max(200).optional(),
      idempotency_key: z.string().optional(),
    }),
    output: z.strictObject({ task: Task, is_new: z.boolean() }),
    async run(input, { principal }) {
      const failure = state.failure
      state.failure = undefined
      if (failure !== undefined) throw failure
      state.sent.push(input)
      const { message_id, parts, task_id } = input.message
      if (task_id !== undefined) {
        const task = own(state, task_id, principal)
        if (isTerminal(stateOf(task).state))
          throw fault('conflict', { reason: 'task_ended', say: 'The task has ended.' })
        task.messages.push({ message_id, parts })
        add(state, task, [{ kind: 'message', message_id }])
        if (stateOf(task).state === 'input_required') add(state, task, [{ kind: 'state', state: 'working' }])
        return { task: shown(task), is_new: false }
      }
      if (input.workflow === 'nope')
        throw fault('invalid_input', { reason: 'unknown_workflow', say: 'There is no such workflow.' })
      const task: Kept = {
        id: randomUUID(),
        owner: principal.subject,
        contextId: input.message.context_id ?? randomUUID(),
        workflow: input.workflow ?? 'rag',
        messages: [{ message_id, parts }],
        events: [],
      }
      state.kept.unshift(task)
      add(state, task, [{ kind: 'state', state: 'submitted' }])
      return { task: shown(task), is_new: true }
    },
  })
}

function followTask(state: State): Operation {
  return defineOperation({
    ...reads,
    ...words('follow_task'),
    uncounted: true,
    input: z.strictObject({
      task_id: TaskId,
      after: z.int().min(0).optional(),
      artifacts: z.boolean().default(true),
      wait_seconds: z.number().min(0).max(20).default(0),
    }),
    output: z.strictObject({
      task: Task.optional(),
      gap: z.boolean().optional(),
      events: z.array(TaskEvent),
      last_sequence: z.int(),
      is_over: z.boolean(),
    }),
    async run({ task_id, after, wait_seconds }, { principal, signal }) {
      const task = own(state, task_id, principal)
      const isOver = () => isTerminal(stateOf(task).state)
      if (after === undefined || after > task.events.length) {
        const last_sequence = task.events.length
        return {
          task: shown(task),
          ...(after === undefined ? {} : { gap: true }),
          events: [],
          last_sequence,
          is_over: isOver(),
        }
      }
      if (task.events.length === after && !isOver() && wait_seconds > 0)
        await news(state, signal, wait_seconds)
      signal.throwIfAborted()
      return { events: task.events.slice(after), last_sequence: task.events.length, is_over: isOver() }
    },
  })
}

async function news(state: State, signal: AbortSignal, seconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, seconds * 1_000)
  state.waiters.add(resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  clearTimeout(timer)
  state.waiters.delete(resolve)
  if (signal.aborted) throw fault('cancelled')
}

function otherOperations(state: State): Operation[] {
  return [
    defineOperation({
      ...reads,
      ...words('get_task'),
      input: z.strictObject({ task_id: TaskId, history_length: z.int().min(0).optional() }),
      output: z.strictObject({ task: Task }),
      run: async ({ task_id }, { principal }) => ({ task: shown(own(state, task_id, principal)) }),
    }),
    defineOperation({
      ...writes,
      ...words('cancel_task'),
      input: z.strictObject({ task_id: TaskId }),
      output: z.strictObject({ task: Task }),
      async run({ task_id }, { principal }) {
        const task = own(state, task_id, principal)
        const now: TaskState = stateOf(task).state
        if (now !== 'canceled') {
          if (isTerminal(now)) throw fault('conflict', { reason: 'task_ended', say: 'The task has ended.' })
          add(state, task, [{ kind: 'state', state: 'canceled' }])
        }
        return { task: shown(task) }
      },
    }),
    defineOperation({
      ...reads,
      ...words('list_tasks'),
      input: z.strictObject({
        context_id: z.guid().optional(),
        state: z.enum(TASK_STATES).optional(),
        since: z.iso.datetime().optional(),
        page_size: z.int().min(1).max(100).default(50),
        page_token: z.string().optional(),
        history_length: z.int().min(0).default(0),
        artifacts: z.boolean().default(false),
      }),
      output: z.strictObject({
        tasks: z.array(Task),
        next_page_token: z.string(),
        page_size: z.int(),
        total_size: z.int(),
      }),
      async run({ page_size, page_token, artifacts, state: wanted }, { principal }) {
        if (page_token !== undefined)
          throw fault('invalid_input', {
            reason: 'bad_page_token',
            say: 'This page token is not one of ours.',
          })
        const mine = state.kept
          .filter(({ owner }) => owner === principal.subject)
          .filter(task => wanted === undefined || stateOf(task).state === wanted)
        const tasks = mine.slice(0, page_size).map(task => shown(task, { artifacts }))
        return { tasks, next_page_token: '', page_size, total_size: mine.length }
      },
    }),
  ]
}
