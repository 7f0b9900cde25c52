// Takes a task on: the task, its first event, its message and its job stand or fall with one transaction, so that an id
// that was handed out always leads to a task, and a task that was taken on is run.
import type { ReadCall } from '../../../../gate/call.ts'
import type { Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { fault } from '../../../../platform/faults.ts'
import { openStream } from '../../../../platform/journal/journal.ts'
import { journalText } from '../../../../platform/journal/journal-text.ts'
import { sendJob } from '../../../../platform/jobs/send-job.ts'
import { uuidv7 } from '../../../../platform/uuid-v7.ts'
import { dateStatus } from '../rows/date-status.ts'
import { tell } from '../rows/task-events.ts'
import { unknownTask, type Owner } from '../rows/task-rows.ts'
import { RUN_TASK } from '../task-queue.ts'
import type { TaskPart } from '../task-shape.ts'
import { addMessage } from './add-message.ts'
import { sentBefore } from './sent-before.ts'

export interface NewTask {
  readonly workflow: string
  /** As the workflow's schema has parsed it. */
  readonly input: Readonly<Record<string, unknown>>
  readonly message: {
    readonly messageId: string
    readonly parts: readonly TaskPart[]
    readonly metadata?: Readonly<Record<string, unknown>> | undefined
  }
  readonly contextId?: string | undefined
  readonly referenceTaskIds?: readonly string[] | undefined
  readonly label?: string | undefined
  /** What tells the request from others: see `keysOf`. */
  readonly keys: readonly string[]
  readonly timeLimitSeconds?: number | undefined
  readonly traceparent?: string | undefined
}

export interface Accepted {
  readonly taskId: string
  /** False when an equal request came before: then nothing was done. */
  readonly isNew: boolean
}

const TIME_LIMIT_SECONDS = 1_800
/** Of one user. */
const MOST_UNFINISHED = 5_000

export async function acceptTask(
  tx: Writer,
  { principal }: Pick<ReadCall, 'principal'>,
  task: NewTask,
): Promise<Accepted> {
  const owner: Owner = principal
  const { tenantId, subject } = principal
  const { workflow, message, label } = task
  const taskId = uuidv7()
  const before = await sentBefore(tx, owner, requestOf(task), taskId)
  if (before !== undefined) return { taskId: before, isNew: false }
  await requireRoom(tx, owner)
  await requireOwn(tx, owner, task.referenceTaskIds ?? [])
  const contextId = await contextFor(tx, owner, task.contextId)
  const limit = task.timeLimitSeconds ?? TIME_LIMIT_SECONDS
  await tx.run(sql`
    insert into app.task (tenant_id, id, context_id, subject, scopes, token_id, workflow, input, label, deadline_at, left_ms,
      traceparent)
    values (${tenantId}, ${taskId}, ${contextId}, ${subject}, ${[...principal.scopes]}::text[], ${principal.tokenId},
      ${workflow}, ${journalText(task.input)}::jsonb, ${label ?? null}, now() + ${limit} * interval '1 second',
      ${limit * 1_000}, ${task.traceparent ?? null})`)
  const stream = { tenantId, streamId: taskId }
  await openStream(tx, stream)
  await tell(tx, stream, { kind: 'state', state: 'submitted' })
  await dateStatus(tx, stream)
  await addMessage(tx, stream, { ...message, role: 'user', takenBy: 'input' })
  await sendJob(tx, RUN_TASK, { tenantId, taskId })
  return { taskId, isNew: true }
}

/** By the id that its sender gave the message, among those of the same workflow or task; by the key of the request. */
export function keysOf(
  among: string,
  messageId: string | undefined,
  idempotencyKey: string | undefined,
): string[] {
  return [
    ...(idempotencyKey === undefined ? [] : [`key/${idempotencyKey}`]),
    ...(messageId === undefined ? [] : [`${among}/${messageId}`]),
  ]
}

function requestOf({ keys, workflow, message, contextId, input, label, timeLimitSeconds }: NewTask) {
  const { parts, metadata } = message
  const content = { workflow, input, parts, metadata, contextId: contextId?.toLowerCase(), label }
  return { keys, content: { ...content, timeLimitSeconds } }
}

async function requireRoom(tx: Writer, { tenantId, subject }: Owner): Promise<void> {
  const full = await tx.first(sql`
    select from app.task where tenant_id = ${tenantId} and subject = ${subject} and finished_at is null
    offset ${MOST_UNFINISHED - 1} limit 1`)
  if (full !== undefined)
    throw fault('rate_limited', {
      reason: 'too_many_tasks',
      retryAfterMs: 10_000,
      say: `You have ${MOST_UNFINISHED} tasks that have not ended: wait for some, or cancel those that are not needed.`,
    })
}

/** What is said of tasks of others is what is said of none. */
async function requireOwn(tx: Writer, { tenantId, subject }: Owner, ids: readonly string[]): Promise<void> {
  const wanted = new Set(ids.map(id => id.toLowerCase()))
  if (wanted.size === 0) return
  const own = await tx.all(sql<{ id: string }>`
    select id from app.task
    where tenant_id = ${tenantId} and subject = ${subject} and id = any(${[...wanted]}::uuid[])`)
  if (own.length < wanted.size) throw unknownTask()
}

/** A context is its user's: what was said in it goes to nobody else. */
async function contextFor(
  tx: Writer,
  { tenantId, subject }: Owner,
  given: string | undefined,
): Promise<string> {
  if (given === undefined) {
    const id = uuidv7()
    await tx.run(
      sql`insert into app.task_context (tenant_id, id, subject) values (${tenantId}, ${id}, ${subject})`,
    )
    return id
  }
  const found = await tx.first(sql<{ id: string }>`
    select id from app.task_context where tenant_id = ${tenantId} and subject = ${subject} and id = ${given}`)
  if (found === undefined) throw unknownContext()
  return found.id
}

export function unknownContext() {
  return fault('invalid_input', {
    reason: 'unknown_context',
    say: 'There is no such context for this task: leave the context id out to begin a new one.',
  })
}
