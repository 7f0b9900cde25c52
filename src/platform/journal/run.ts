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
  /** What the step gave when it was done; undefined while it is still to be done. */
  done<T>(name: string): Promise<Done<T> | undefined>
  /** Whether it is worth asking what the step gave: none but a holder of the stream records one. Asks nobody. */
  mayBeDone(name: string): boolean
  /** Records within `write` what a step gave, with all else that belongs to its end. Returns what everyone gets of it. */
  record<T>(tx: Writer, name: string, output: unknown): Promise<T>
}

export interface Done<T> {
  readonly output: T
}

/** Takes the stream over from whoever holds it. Fault: not_found when there is no such stream. */
export async function takeOver(doors: RunDoors, stream: StreamKey): Promise<Run> {
  const { run } = await takeOverWith(doors, stream, () => Promise.resolve())
  return run
}

/** As `takeOver`, with what the run begins with in the same transaction. */
export async function takeOverWith<T>(
  doors: RunDoors,
  { tenantId, streamId }: StreamKey,
  begin: (tx: Writer, key: RunKey) => Promise<T>,
): Promise<{ readonly run: Run; readonly begun: T }> {
  return doors.write(async tx => {
    // Two statements, sent together: the first may wait for a step of the run before to be recorded, and what it saw at
    // its own beginning would be without it.
    const [taken, steps] = await Promise.all([
      tx.first(sql<{ epoch: number }>`
        update app.journal_stream set epoch = epoch + 1
        where tenant_id = ${tenantId} and id = ${streamId} returning epoch`),
      tx.all(sql<{ name: string }>`
        select name from app.journal_step where tenant_id = ${tenantId} and stream_id = ${streamId}`),
    ])
    if (taken === undefined) throw fault('not_found', { detail: `there is no stream ${streamId}` })
    const key = { tenantId, streamId, epoch: taken.epoch }
    const recordedSteps = new Set(steps.map(({ name }) => name))
    return { run: runOf(doors, key, recordedSteps), begun: await begin(tx, key) }
  })
}

/** `recordedSteps`: the names of the steps that were done when the stream was taken over. */
function runOf(doors: RunDoors, key: RunKey, recordedSteps: Set<string>): Run {
  const write: Run['write'] = fn =>
    doors.write(async tx => {
      await holdFence(tx, key)
      return fn(tx)
    })
  const done: Run['done'] = name => doors.read(tx => journalled(tx, key, name))
  const record: Run['record'] = (tx, name, output) => {
    // Before it is known whether it went in: what is not there is asked for, and then seen not to be.
    recordedSteps.add(name)
    return recorded(tx, key, { name, output: journalText(output ?? null) })
  }
  return {
    epoch: key.epoch,
    key,
    write,
    append: (kind, data) => doors.write(tx => append(tx, key, kind, data)),
    async step<T>(name: string, fn: () => Promise<T>) {
      refuseInsideTransaction('a step')
      const before = await done<T>(name)
      if (before !== undefined) return before.output
      const output = await fn()
      return write(tx => record<T>(tx, name, output))
    },
    done,
    mayBeDone: name => recordedSteps.has(name),
    record,
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
const stepOf = sqlFile<StepParameters, { done: boolean; output: unknown }>(import.meta.url, './step-of.sql')

/** Undefined when the step is still to be done. */
async function journalled<T>(tx: Reader, key: RunKey, name: string): Promise<Done<T> | undefined> {
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
  const own = await tx.first(sql<{ output: unknown }>`
    insert into app.journal_step (tenant_id, stream_id, name, epoch, output)
    values (${key.tenantId}, ${key.streamId}, ${step.name}, ${key.epoch}, ${step.output}::jsonb)
    on conflict (tenant_id, stream_id, name) do nothing
    returning output`)
  if (own !== undefined) return own.output as T
  const kept = await journalled<T>(tx, key, step.name)
  if (kept === undefined) throw fault('internal', { detail: `the step ${step.name} was not recorded` })
  return kept.output
}
