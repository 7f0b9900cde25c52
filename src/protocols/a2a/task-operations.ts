// The operations of the agents feature as A2A asks for them: through the gate like every call, by the caller's name.
import type { Operation, ReadOperation, TenantOperation } from '../../gate/operation.ts'
import type { NextInput } from '../../gate/streams/open-stream.ts'
import type { Task, TaskEvent } from '../../features/agents/tasks/task-shape.ts'
import type { CallContext, RunForTenant } from '../mcp/tools.ts'
import type { A2aCaller } from './a2a-caller.ts'

/** Asks a read operation again and again; `next` makes each further input from the answer before it. */
export type StreamForTenant = (
  operation: ReadOperation,
  rawInput: unknown,
  context: CallContext,
  next: NextInput,
) => AsyncGenerator<Record<string, unknown>>

export interface TaskOperationsDeps {
  readonly catalog: readonly Operation[]
  readonly run: RunForTenant
  readonly stream: StreamForTenant
}

/** One answer of follow_task. */
export interface FollowPage {
  readonly task?: Task
  readonly gap?: boolean
  readonly events: readonly TaskEvent[]
  readonly last_sequence: number
  readonly is_over: boolean
}

interface Answers {
  readonly send_message: { readonly task: Task; readonly is_new: boolean }
  readonly get_task: { readonly task: Task }
  readonly cancel_task: { readonly task: Task }
  readonly list_tasks: {
    readonly tasks: readonly Task[]
    readonly next_page_token: string
    readonly page_size: number
    readonly total_size: number
  }
  readonly follow_task: FollowPage
}

export interface TaskOperations {
  /** Throws a Fault. */
  run<Name extends keyof Answers>(
    name: Name,
    input: Readonly<Record<string, unknown>>,
    caller: A2aCaller,
  ): Promise<Answers[Name]>
  /** The answers of follow_task, from after that event on, until the task is over or the caller gone. */
  follow(
    input: { readonly task_id: string; readonly after: number },
    caller: A2aCaller,
  ): AsyncGenerator<FollowPage>
}

/** How long one question waits for news; the most that follow_task allows. */
const WAIT_SECONDS = 20

export function taskOperations({ catalog, run, stream }: TaskOperationsDeps): TaskOperations {
  const named = (name: string): TenantOperation => {
    const operation = catalog.find(candidate => candidate.name === name)
    if (operation?.realm !== 'tenant') throw new Error(`the catalog has no ${name}`)
    return operation
  }
  return {
    // The gate has checked the answer against the operation's schema.
    run: async (name, input, caller) => (await run(named(name), input, contextOf(caller))) as never,
    async *follow(input, caller) {
      const operation = named('follow_task')
      if (operation.access !== 'read') throw new Error('follow_task reads')
      const begin = { ...input, wait_seconds: WAIT_SECONDS }
      yield* stream(operation, begin, contextOf(caller), goOn) as AsyncGenerator<never>
    },
  }
}

/** Each question goes on where the answer before it ended. */
const goOn: NextInput = ({ task_id }, { is_over, last_sequence }) =>
  is_over === true ? undefined : { task_id, after: last_sequence, wait_seconds: WAIT_SECONDS }

function contextOf({ principal, requestId, signal }: A2aCaller): CallContext {
  return { principal, requestId, signal }
}
