// The operations behind the article's interface: asked through the gate, as whoever sent the request.
import type { FastifyRequest } from 'fastify'
import type { Task } from '../../../features/agents/tasks/task-shape.ts'
import type { NextInput } from '../../../gate/streams/open-stream.ts'
import type { Operation, TenantOperation } from '../../../gate/operation.ts'
import type { CallContext, RunForTenant } from '../../mcp/tools.ts'
import type { FollowPage, StreamForTenant } from '../task-operations.ts'
import type { Listed } from './task-page.ts'

export interface FacadeDeps {
  readonly catalog: readonly Operation[]
  readonly run: RunForTenant
  readonly stream: StreamForTenant
}

interface Answers {
  readonly start_task: { readonly task: Task }
  readonly get_task: { readonly task: Task }
  readonly cancel_task: { readonly task: Task }
  readonly list_tasks: Listed
  readonly follow_task: FollowPage
}

type Asking = Pick<FastifyRequest, 'principal' | 'id' | 'gone'>

export interface FacadeOperations {
  readonly all: readonly TenantOperation[]
  named(name: keyof Answers): TenantOperation
  /** Throws a Fault. */
  run<Name extends keyof Answers>(name: Name, input: unknown, request: Asking): Promise<Answers[Name]>
  /** All events after that one, until the task is over or the caller gone; the first page comes at once. */
  follow(taskId: string, after: number, request: Asking): AsyncGenerator<FollowPage>
}

const NAMES = ['start_task', 'get_task', 'list_tasks', 'cancel_task', 'follow_task'] as const
/** How long one question waits for news; the most that follow_task allows. */
const WAIT_SECONDS = 20

export function facadeOperations({ catalog, run, stream }: FacadeDeps): FacadeOperations {
  const all = NAMES.map(name => {
    const operation = catalog.find(candidate => candidate.name === name)
    if (operation?.realm !== 'tenant') throw new Error(`the catalog has no ${name}`)
    return operation
  })
  const named = (name: keyof Answers): TenantOperation => {
    const operation = all.find(candidate => candidate.name === name)
    if (operation === undefined) throw new Error(`${name} is not among the operations of this interface`)
    return operation
  }
  return {
    all,
    named,
    // The gate has checked the answer against the operation's schema.
    run: async (name, input, request) => (await run(named(name), input, contextOf(request))) as never,
    async *follow(taskId, after, request) {
      const operation = named('follow_task')
      if (operation.access !== 'read') throw new Error('follow_task reads')
      const begin = { task_id: taskId, after, wait_seconds: 0 }
      yield* stream(operation, begin, contextOf(request), goOn) as AsyncGenerator<never>
    },
  }
}

/** Each question goes on where the answer before it ended. */
const goOn: NextInput = ({ task_id }, { is_over, last_sequence }) =>
  is_over === true ? undefined : { task_id, after: last_sequence, wait_seconds: WAIT_SECONDS }

function contextOf({ principal, id, gone }: Asking): CallContext {
  if (principal === undefined) throw new Error('nobody reaches this without a token')
  return { principal, requestId: id, signal: gone }
}
