// SendMessage: begins a task or goes on with one, and by default answers when it has ended or waits for somebody.
import type { Task } from '@a2a-js/sdk'
import { z } from 'zod'
import type { Task as OurTask } from '../../../features/agents/tasks/task-shape.ts'
import { isInterrupted, isTerminal } from '../../../features/agents/tasks/task-states.ts'
import { fault } from '../../../platform/faults.ts'
import type { A2aCaller } from '../a2a-caller.ts'
import { messageToOperation } from '../codec/message-to-operation.ts'
import { requireOutputMode } from '../codec/output-modes.ts'
import { HistoryLength, Message, Metadata, protoObject, readParams } from '../codec/read-params.ts'
import { taskToWire } from '../codec/task-to-wire.ts'
import type { TaskOperations } from '../task-operations.ts'
import { anotherTenant } from './another-tenant.ts'
import type { MethodDeps } from './method.ts'

const Params = protoObject({
  message: Message,
  configuration: protoObject({
    acceptedOutputModes: z.array(z.string().max(200)).max(50).optional(),
    historyLength: HistoryLength,
    returnImmediately: z.boolean().optional(),
    taskPushNotificationConfig: z.unknown().optional(),
  }).optional(),
  metadata: Metadata,
})

export interface Accepted {
  readonly task: OurTask
  readonly historyLength: number | undefined
  readonly returnImmediately: boolean
}

/**
 * Blocking, it follows the task's log: what happens on another replica ends it too. The task does not depend on whoever
 * waits: it goes on when the caller leaves.
 */
export function sendMessage({ operations, uri }: MethodDeps) {
  return async (raw: unknown, caller: A2aCaller): Promise<Task> => {
    const { task, historyLength, returnImmediately } = await acceptMessage(operations, raw, caller)
    const settled = returnImmediately || isSettled(task) ? task : await settledTask(operations, task, caller)
    const log = caller.hasLog ? { sequence: settled.last_sequence } : undefined
    return taskToWire(settled, { uri, historyLength, log })
  }
}

/** Both ways to send begin so: the message is checked whole, then accepted in one call. */
export async function acceptMessage(
  operations: TaskOperations,
  raw: unknown,
  caller: A2aCaller,
): Promise<Accepted> {
  const { message, configuration = {} } = readParams(Params, raw)
  requireOutputMode(configuration.acceptedOutputModes)
  if (configuration.taskPushNotificationConfig !== undefined)
    throw fault('unsupported', { reason: 'push_notifications' })
  if (caller.isElsewhere && !message.taskId) throw anotherTenant()
  const { task } = await operations.run('send_message', messageToOperation(message, caller), caller)
  const { historyLength, returnImmediately = false } = configuration
  return { task, historyLength, returnImmediately }
}

function isSettled({ status: { state } }: OurTask): boolean {
  return isTerminal(state) || isInterrupted(state)
}

async function settledTask(operations: TaskOperations, task: OurTask, caller: A2aCaller): Promise<OurTask> {
  const { task_id } = task
  for await (const { events } of operations.follow({ task_id, after: task.last_sequence }, caller)) {
    if (
      events.some(event => event.kind === 'state' && (isTerminal(event.state) || isInterrupted(event.state)))
    )
      break
  }
  return (await operations.run('get_task', { task_id }, caller)).task
}
