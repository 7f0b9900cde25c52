// The beginning of a run: the task as it is taken up, and how often that was tried since its last step was done.
import type { Writer } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import type { RunKey } from '../../../platform/journal/journal.ts'
import { dateStatus } from '../tasks/rows/date-status.ts'
import { tell } from '../tasks/rows/task-events.ts'
import { statesBefore, type TaskState } from '../tasks/task-states.ts'

export interface RunTask {
  readonly tenantId: string
  readonly id: string
  readonly subject: string
  readonly scopes: readonly string[]
  readonly tokenId: string
  /** Seconds since 1970. */
  readonly acceptedAt: number
  readonly workflow: string
  readonly input: Readonly<Record<string, unknown>>
  readonly label: string | undefined
  /** 1 for the first run since a step was done. */
  readonly attempt: number
  readonly putOff: number
  /** Milliseconds until its time is over; less than nothing when it is. */
  readonly leftMs: number
  readonly traceparent: string | undefined
}

interface BeginParameters extends Record<string, unknown> {
  tenant_id: string
  id: string
  from: readonly TaskState[]
}
interface BegunRow {
  readonly before: TaskState
  readonly subject: string
  readonly scopes: readonly string[]
  readonly token_id: string
  readonly accepted_as: bigint
  readonly workflow: string
  readonly input: Record<string, unknown>
  readonly label: string | null
  readonly attempt: number
  readonly put_off: number
  readonly left_ms: number
  readonly traceparent: string | null
}
const beginTask = sqlFile<BeginParameters, BegunRow>(import.meta.url, './begin-run.sql')

/** Undefined when there is nothing to run: it has ended, or waits for somebody. */
export async function beginRun(tx: Writer, key: RunKey): Promise<RunTask | undefined> {
  const { tenantId, streamId } = key
  const row = await tx.first(beginTask({ tenant_id: tenantId, id: streamId, from: statesBefore('begin') }))
  if (row === undefined) return undefined
  if (row.before !== 'working') {
    await tell(tx, key, { kind: 'state', state: 'working' })
    await dateStatus(tx, key)
  }
  return {
    tenantId,
    id: streamId,
    subject: row.subject,
    scopes: row.scopes,
    tokenId: row.token_id,
    acceptedAt: Number(row.accepted_as),
    workflow: row.workflow,
    input: row.input,
    label: row.label ?? undefined,
    attempt: row.attempt,
    putOff: row.put_off,
    leftMs: row.left_ms,
    traceparent: row.traceparent ?? undefined,
  }
}
