// What the server has under way, or has failed at within a day: for as long it keeps a file, so that it can be tried again.
import { call } from '../../../api/call.ts'
import type { Ingestion } from '../../../api/operations.gen.ts'

const KEPT_MS = 86_400_000
const MOST = 100

/** Newest first, with what ended lately: it tells which failures were made good. */
export async function openIngestions(signal: AbortSignal): Promise<readonly Ingestion[]> {
  const of = (state?: Ingestion['state']) =>
    call('list_ingestions', { limit: MOST, ...(state === undefined ? {} : { state }) }, signal)
  const answers = await Promise.all([of(), of('queued'), of('running'), of('failed')])
  const found = answers.flatMap(({ ingestions }) => ingestions)
  const oldest = Date.now() - KEPT_MS
  return [...new Map(found.map(one => [one.ingestion_id, one])).values()]
    .filter(({ state, created_at }) => state !== 'failed' || Date.parse(created_at) > oldest)
    .toSorted((a, b) => (a.ingestion_id < b.ingestion_id ? 1 : -1))
}
