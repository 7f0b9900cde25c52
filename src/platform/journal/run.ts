// One run of something that must survive its process: whoever takes over raises the stream's epoch, and from then on
// nothing an older holder writes goes in. Steps are remembered, so that a later run does not do them again.
import type { Reader, Writer } from '../db/database.ts'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { sql, sqlFile } from '../db/statements.ts'
import type { TenantDoors } from '../db/tenant-doors.ts'
import { fault } from '../faults.ts'
import { append, type RunKey, type StreamKey } from './journal.ts'
import { journalText } from './journal-text.ts'
import { superseded } from './superseded.ts'

export type RunDoors = Pick<TenantDoors, 'read' | 'write'>

/** What each of these writes goes in only while no later run has taken over; else `superseded` is thrown (isSuperseded). */
export interface Run {
  readonly epoch: number
  /** For `append` inside `write`. */
  readonly key: RunKey
  /** Runs `fn` in a transaction that holds the stream: nobody can take over until it has ended. */
  write<T>(fn: (tx: Writer) => Promise<T>): Promise<T>
  /** Writes an event in a transaction of its own and returns its number. */
  append(kind: string, data: unknown): Promise<number>
  /**
   * What the step gave when it was done, by this run or an earlier one; else does it, outside of any transaction, and
   * records its output (JSON; nothing is null). Killed between the two, it is done once more: at least once, recorded once.
   */
  step<T>(name: string, fn: () => Promise<T>): Promise<T>
}

/** Takes the stream over from whoever holds it. Fault: not_found when there is no such stream. */
export async function takeOver(doors: RunDoors, { tenantId, streamId }: StreamKey): Promise<Run> {
  const taken = await doors.write(tx =>
    tx.first(sql<{ epoch: number }>`
      update app.journal_stream set epoch = epoch + 1
      where tenant_id = ${tenantId} and id = ${streamId} returning epoch`),
  )
  if (taken === undefined) throw fault('not_found', { detail: `there is no stream ${streamId}` })
  return runOf(doors, { tenantId, streamId, epoch: taken.epoch })
}

function runOf(doors: RunDoors, key: RunKey): Run {
  const write: Run['write'] = fn =>
    doors.write(async tx => {
      await holdFence(tx, key)
      return fn(tx)
    })
  return {
    epoch: key.epoch,
    key,
    write,
    append: (kind, data) => doors.write(tx => append(tx, key, kind, data)),
    async step<T>(name: string, fn: () => Promise<T>) {
      refuseInsideTransaction('a step')
      const before = await doors.read(tx => journalled<T>(tx, key, name))
      if (before !== undefined) return before.output
      const output = journalText((await fn()) ?? null)
      return write(tx => recorded<T>(tx, key, { name, output }))
    },
  }
}

/** Locks the stream's row for this transaction, if it is still this run's. */
async function holdFence(tx: Writer, { tenantId, streamId, epoch }: RunKey): Promise<void> {
  const held = await tx.first(sql`
    select from app.journal_stream
    where tenant_id = ${tenantId} and id = ${streamId} and epoch = ${epoch} for no key update`)
  if (held === undefined) throw superseded(streamId)
}

type StepParameters = { tenant_id: string; stream_id: string; epoch: number; name: string }
type Journalled<T> = { readonly output: T }
const stepOf = sqlFile<StepParameters, { done: boolean; output: unknown }>(import.meta.url, './step-of.sql')

/** Undefined when the step is still to be done. */
async function journalled<T>(tx: Reader, key: RunKey, name: string): Promise<Journalled<T> | undefined> {
  const { tenantId: tenant_id, streamId: stream_id, epoch } = key
  const row = await tx.first(stepOf({ tenant_id, stream_id, epoch, name }))
  if (row === undefined) throw superseded(stream_id)
  return row.done ? { output: row.output as T } : undefined
}

/** The first output recorded under a name stays; it is what everyone gets, in the form in which it is kept. */
async function recorded<T>(
  tx: Writer,
  key: RunKey,
  step: { readonly name: string; readonly output: string },
): Promise<T> {
  await tx.run(sql`
    insert into app.journal_step (tenant_id, stream_id, name, epoch, output)
    values (${key.tenantId}, ${key.streamId}, ${step.name}, ${key.epoch}, ${step.output}::jsonb)
    on conflict (tenant_id, stream_id, name) do nothing`)
  const kept = await journalled<T>(tx, key, step.name)
  if (kept === undefined) throw fault('internal', { detail: `the step ${step.name} was not recorded` })
  return kept.output
}
