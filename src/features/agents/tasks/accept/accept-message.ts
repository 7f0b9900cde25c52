// A further message to a task: what it waits for wakes it; while it works, the message waits in its inbox for the next
// step. There is never a second run.
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { sendJob } from '../../../../platform/jobs/send-job.ts'
import { holdTask, moveTask, taskEnded } from '../rows/move-task.ts'
import { tell } from '../rows/task-events.ts'
import { unknownTask, type Owner } from '../rows/task-rows.ts'
import { RUN_TASK } from '../task-queue.ts'
import { isInterrupted, isTerminal, type TaskState } from '../task-states.ts'
import { keysOf, unknownContext, type Accepted, type NewTask } from './accept-task.ts'
import { addMessage } from './add-message.ts'
import { isKnown, sentBefore } from './sent-before.ts'

export interface FollowUp extends Pick<NewTask, 'message' | 'contextId'> {
  readonly taskId: string
  readonly idempotencyKey?: string | undefined
}

export async function acceptMessage(tx: Writer, owner: Owner, followUp: FollowUp): Promise<Accepted> {
  const { tenantId, subject } = owner
  const { message, contextId, idempotencyKey } = followUp
  const taskId = followUp.taskId.toLowerCase()
  const stream = { tenantId, streamId: taskId }
  await holdTask(tx, stream)
  const task = await tx.first(sql<{ state: TaskState; context_id: string }>`
    select state, context_id from app.task
    where tenant_id = ${tenantId} and subject = ${subject} and id = ${taskId}`)
  if (task === undefined) throw unknownTask()
  if (contextId !== undefined && contextId.toLowerCase() !== task.context_id) throw unknownContext()
  const keys = keysOf(taskId, message.messageId, idempotencyKey)
  const { parts, metadata } = message
  const wasSent = await isKnown(tx, owner, keys)
  // All requests in here are of one task: it is the answer to the same one sent twice.
  await sentBefore(tx, owner, { keys, content: { taskId, parts, metadata } }, taskId)
  if (wasSent) return { taskId, isNew: false }
  if (isTerminal(task.state)) throw taskEnded()
  await addMessage(tx, stream, { ...message, role: 'user' })
  if (!isInterrupted(task.state)) {
    await tell(tx, stream, { kind: 'message', message_id: message.messageId })
    return { taskId, isNew: true }
  }
  await moveTask(tx, stream, { move: 'wake' })
  await sendJob(tx, RUN_TASK, { tenantId, taskId })
  return { taskId, isNew: true }
}
