// `gatehouse audit export`: all that is linked, in the order of the chain, as a stream; with what proves it whole.
import { createHash } from 'node:crypto'
import type { ListedAuditRow } from '../../../features/audit/rows/listed-row.ts'
import { fault } from '../../../platform/faults.ts'
import { allRows, type Audited, type Verification } from './audited.ts'
import { CSV_HEAD, csvLine } from '../../exports/audit-csv.ts'

export type ExportFormat = 'jsonl' | 'csv'

/** What is said of an export, apart from it: the file can be checked against it later. */
export interface ExportTrailer {
  readonly audit: string
  readonly rows: number
  readonly first: number | null
  readonly last: number | null
  readonly head: Verification['head']
  /** Rows that were not linked yet, and are not in it. */
  readonly open_rows: number
  readonly sha256: string
  readonly bytes: number
  /** Whether the chain held when it was exported. */
  readonly verified: boolean
}

/** Hands the text on in pieces, each when the last was taken. The export ends where the chain did when it began. */
export async function exportAudit(
  audited: Audited,
  format: ExportFormat,
  write: (text: string) => Promise<void>,
): Promise<ExportTrailer> {
  const { audit, ok, head, open_tail: tail } = await audited.verify(undefined)
  const end = head?.chained_as ?? 0
  const hash = createHash('sha256')
  let bytes = 0
  const put = async (text: string): Promise<void> => {
    hash.update(text)
    bytes += Buffer.byteLength(text)
    await write(text)
  }
  if (format === 'csv') await put(CSV_HEAD)
  let rows = 0
  let first: number | null = null
  let last: ListedAuditRow | undefined
  for await (const row of linkedRows(audited, end)) {
    first ??= row.chained_as
    last = row
    rows++
    await put(format === 'csv' ? csvLine(row) : `${JSON.stringify(row)}\n`)
  }
  if (ok && (rows !== end || (head !== null && last?.chain_hash !== head.chain_hash)))
    throw fault('internal', { detail: `an export of ${rows} rows of ${end}` })
  const places = { first, last: last?.chained_as ?? null }
  return {
    audit,
    rows,
    ...places,
    head,
    open_rows: tail.rows,
    sha256: hash.digest('hex'),
    bytes,
    verified: ok,
  }
}

async function* linkedRows(audited: Audited, end: number): AsyncGenerator<ListedAuditRow> {
  if (end === 0) return
  for await (const row of allRows(audited, { order: 'chain' })) {
    if ((row.chained_as ?? 0) > end) return
    yield row
  }
}
