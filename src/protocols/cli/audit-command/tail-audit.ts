// `gatehouse audit tail`: the newest rows, and with --follow those that come.
import { setTimeout as wait } from 'node:timers/promises'
import type { ListedAuditRow } from '../../../features/audit/rows/listed-row.ts'
import { printable } from '../ingest/report/printable.ts'
import { allRows, type Audited } from './audited.ts'

export interface TailOptions {
  readonly rows: number
  readonly isFollowing: boolean
  readonly json: boolean
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

const EVERY_MS = 2_000
/** A row that commits late bears an earlier time: so far back it is looked for again. */
const LATE_MS = 60_000
/** What the follower itself leaves would never end. */
const OWN = new Set(['list_audit', 'list_deployment_audit'])

export async function tailAudit(audited: Audited, options: TailOptions): Promise<void> {
  const { rows: limit, isFollowing, json, signal, print } = options
  const show = (row: ListedAuditRow): void => print(json ? printable(JSON.stringify(row)) : lineOf(row))
  const { rows } = await audited.list({ limit })
  for (const row of rows.toReversed()) show(row)
  const seen = new Map(rows.map(row => [row.id, row.at]))
  let newest = rows[0]?.at ?? new Date().toISOString()
  while (isFollowing && !signal.aborted) {
    await wait(EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const after = new Date(Date.parse(newest) - LATE_MS).toISOString()
    for await (const row of allRows(audited, { order: 'oldest', after })) {
      if (seen.has(row.id)) continue
      seen.set(row.id, row.at)
      if (row.at > newest) newest = row.at
      // Rows from before the first page are no news.
      if (row.at >= (rows.at(-1)?.at ?? '') && !OWN.has(row.operation)) show(row)
    }
    for (const [id, at] of seen) if (at < after) seen.delete(id)
  }
}

function lineOf({ at, subject, operation, object, outcome, fault, chained_as }: ListedAuditRow): string {
  const ended = fault === null ? outcome : `${outcome} (${fault})`
  const place = chained_as === null ? 'open' : `#${chained_as}`
  return [at, place.padStart(8), subject.padEnd(16), operation.padEnd(20), ended.padEnd(10), object ?? '']
    .map(printable)
    .join('  ')
    .trimEnd()
}
