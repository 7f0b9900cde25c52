// The same request sent twice is one task, however the two meet: each says its keys before it makes anything, and of two
// at once the second waits for the first.
import { createHash } from 'node:crypto'
import type { Reader, Writer } from '../../../../platform/db/database.ts'
import { sql } from '../../../../platform/db/statements.ts'
import { fault } from '../../../../platform/faults.ts'
import type { Owner } from '../rows/task-rows.ts'

export interface SentRequest {
  /** What tells it from others: by the message's id, by the key that came with it. */
  readonly keys: readonly string[]
  /** What is asked: under the same key it must be the same. */
  readonly content: unknown
}

/**
 * The task that an equal request has made or reached; undefined when this is the first, whose keys `taskId` then has.
 * Fault: conflict (`message_reused`) when a key was used for something else.
 */
export async function sentBefore(
  tx: Writer,
  owner: Owner,
  { keys, content }: SentRequest,
  taskId: string,
): Promise<string | undefined> {
  const hash = createHash('sha256').update(canonical(content)).digest()
  const before = await taskWith(tx, owner, keys, hash)
  const mine: string[] = []
  for (const key of keys) {
    if (await takes(tx, owner, { key, hash, taskId: before ?? taskId })) mine.push(key)
    else if (before === undefined) {
      // Another that came in the same moment was first: it has ended by now, and is found.
      await giveBack(tx, owner, mine)
      return taskWith(tx, owner, [key], hash)
    }
  }
  return before
}

/** Whether one of the keys was used before: what it was used for is looked at later. */
export async function isKnown(
  tx: Reader,
  { tenantId, subject }: Owner,
  keys: readonly string[],
): Promise<boolean> {
  const known = await tx.first(sql`
    select from app.task_request
    where tenant_id = ${tenantId} and subject = ${subject} and key = any(${[...keys]}::text[])`)
  return known !== undefined
}

async function taskWith(
  tx: Writer,
  { tenantId, subject }: Owner,
  keys: readonly string[],
  hash: Buffer,
): Promise<string | undefined> {
  const found = await tx.all(sql<{ task_id: string; isSame: boolean }>`
    select task_id, request_hash = ${hash} as "isSame" from app.task_request
    where tenant_id = ${tenantId} and subject = ${subject} and key = any(${[...keys]}::text[])`)
  const tasks = new Set(found.map(({ task_id }) => task_id))
  if (tasks.size > 1 || found.some(({ isSame }) => !isSame)) throw reused()
  return found[0]?.task_id
}

interface Taking {
  readonly key: string
  readonly hash: Buffer
  readonly taskId: string
}

/** False when somebody else has it. */
async function takes(tx: Writer, { tenantId, subject }: Owner, taking: Taking): Promise<boolean> {
  const added = await tx.run(sql`
    insert into app.task_request (tenant_id, subject, key, request_hash, task_id)
    values (${tenantId}, ${subject}, ${taking.key}, ${taking.hash}, ${taking.taskId})
    on conflict (tenant_id, subject, key) do nothing`)
  return added > 0
}

async function giveBack(tx: Writer, { tenantId, subject }: Owner, keys: readonly string[]): Promise<void> {
  await tx.run(sql`
    delete from app.task_request
    where tenant_id = ${tenantId} and subject = ${subject} and key = any(${[...keys]}::text[])`)
}

function reused() {
  return fault('conflict', {
    reason: 'message_reused',
    say: 'This message id (or idempotency key) was used for another request: send a new one with each new message.',
  })
}

/** Equal values give equal texts, in whatever order their members came. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
