// The event log of a run: streams of events, numbered without gaps, written in the writer's own transaction.
import type { Reader, Writer } from '../db/database.ts'
import { sql, sqlFile } from '../db/statements.ts'
import { fault } from '../faults.ts'
import { journalText, type Json } from './journal-text.ts'
import { superseded } from './superseded.ts'

export interface StreamKey {
  readonly tenantId: string
  readonly streamId: string
}

/** A stream in the hands of one run: what is written through it is refused once a later run has taken over. */
export interface RunKey extends StreamKey {
  readonly epoch: number
}

export interface JournalEvent {
  readonly streamId: string
  /** 1 for the first event of the stream. */
  readonly sequence: number
  readonly at: Date
  readonly kind: string
  readonly data: Json
}

/** A place in a stream: everything up to and including `after` has been seen; 0 is its beginning. */
export interface Cursor {
  readonly streamId: string
  readonly after: number
}

/** An event is read by every follower: what is large belongs into a table or a blob, its id into the event. */
const MAX_EVENT_CHARACTERS = 262_144

/** Of one reading, as JSON. */
const MAX_READ_BYTES = 1_048_576

/** Makes the stream; one that is there already stays as it is. */
export async function openStream(tx: Writer, { tenantId, streamId }: StreamKey): Promise<void> {
  await tx.run(sql`
    insert into app.journal_stream (tenant_id, id) values (${tenantId}, ${streamId})
    on conflict (tenant_id, id) do nothing`)
}

/** Deletes a stream with its events and steps; false when there is none. */
export async function deleteStream(tx: Writer, { tenantId, streamId }: StreamKey): Promise<boolean> {
  const deleted = await tx.run(
    sql`delete from app.journal_stream where tenant_id = ${tenantId} and id = ${streamId}`,
  )
  return deleted > 0
}

interface AppendParameters extends Record<string, unknown> {
  tenant_id: string
  stream_id: string
  kind: string
  data: string
  epoch: number | null
}
const appendEvent = sqlFile<AppendParameters, { sequence: bigint }>(import.meta.url, './append-event.sql')

/**
 * Writes the next event of the stream and returns its number. Holds the stream's row until the transaction ends, which
 * is what keeps the numbers without gaps. Through a run's key, `superseded` is thrown once somebody has taken over. Data
 * is cleaned of NUL and lone surrogates; what is not JSON is refused.
 */
export async function append(
  tx: Writer,
  key: StreamKey | RunKey,
  kind: string,
  data: unknown,
): Promise<number> {
  const { tenantId: tenant_id, streamId: stream_id } = key
  const epoch = 'epoch' in key ? key.epoch : null
  const text = journalText(data)
  if (text.length > MAX_EVENT_CHARACTERS)
    throw fault('internal', { detail: `an event of ${text.length} characters of JSON: ${kind}` })
  const row = await tx.first(appendEvent({ tenant_id, stream_id, kind, data: text, epoch }))
  if (row !== undefined) return Number(row.sequence)
  throw epoch === null
    ? fault('not_found', { detail: `there is no stream ${stream_id}` })
    : superseded(stream_id)
}

interface ReadParameters extends Record<string, unknown> {
  tenant_id: string
  stream_ids: readonly string[]
  afters: readonly number[]
  limit: number
  max_bytes: number
}
interface EventRow {
  readonly stream_id: string
  readonly sequence: bigint
  readonly at: Date
  readonly kind: string
  readonly data: Json
}
const eventsAfter = sqlFile<ReadParameters, EventRow>(import.meta.url, './events-after.sql')

/**
 * Events after the cursors, `limit` in all. Of each stream they are the next ones, in order and without a gap; a stream
 * with many does not keep the others waiting. Unknown and foreign streams have none.
 */
export async function readEvents(
  tx: Reader,
  tenantId: string,
  cursors: readonly Cursor[],
  limit: number,
): Promise<JournalEvent[]> {
  const rows = await tx.all(
    eventsAfter({
      tenant_id: tenantId,
      stream_ids: cursors.map(({ streamId }) => streamId),
      afters: cursors.map(({ after }) => after),
      limit,
      max_bytes: MAX_READ_BYTES,
    }),
  )
  return rows.map(({ stream_id, sequence, at, kind, data }) => ({
    streamId: stream_id,
    sequence: Number(sequence),
    at,
    kind,
    data,
  }))
}
