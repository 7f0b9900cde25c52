// `gatehouse cost export`: the ledger as a stream, as it was at one moment, with what proves that nothing is missing.
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import type { ListedCharge } from '../../../features/usage/ledger/ledger-rows.ts'
import type { listLedger } from '../../../features/usage/ledger/list-ledger.ts'
import { fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { LEDGER_CSV_HEAD, ledgerCsvLine } from './ledger-csv.ts'

export type LedgerFormat = 'csv' | 'jsonl'
type Page = z.output<typeof listLedger.output>
type Extent = NonNullable<Page['extent']>

/** What is said of an export, apart from it: the file can be checked against it later. */
export interface LedgerTrailer {
  readonly format: LedgerFormat
  readonly from: string | null
  readonly to: string | null
  readonly rows: number
  readonly sum_nano: string
  /** The ledger's chain as it stood; the rows are those up to there. */
  readonly head: Extent['head']
  /** Rows that were not linked yet, and are not in it. */
  readonly open_rows: number
  readonly bytes: number
  readonly sha256: string
}

export interface Exporting {
  readonly run: TenantCaller['run']
  readonly format: LedgerFormat
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly progress: (line: string) => void
  readonly write: (text: string) => Promise<void>
  readonly pause?: (ms: number) => Promise<unknown>
  readonly pageRows?: number
}

const PAUSE_MS = 1_000
/** The chainer works every three seconds. */
const PAUSES = 15

/** Hands the text on in pieces, each when the last was taken. */
export async function exportLedger(exporting: Exporting): Promise<LedgerTrailer> {
  const { run, format, from, to, write, pageRows: limit = 1_000 } = exporting
  const hash = createHash('sha256')
  let bytes = 0
  let rows = 0
  let sum = 0n
  const put = async (text: string): Promise<void> => {
    hash.update(text)
    bytes += Buffer.byteLength(text)
    await write(text)
  }
  const asked = { from, to, limit }
  let page = await linkedPage(exporting, asked)
  const { extent } = page
  if (extent === undefined) throw fault('internal', { detail: 'a first page says how much there is' })
  if (format === 'csv') await put(LEDGER_CSV_HEAD)
  for (;;) {
    await put(page.rows.map(row => lineOf(row, format)).join(''))
    rows += page.rows.length
    sum = page.rows.reduce((total, { cost_nano }) => total + BigInt(cost_nano), sum)
    if (page.next_cursor === undefined) break
    page = await pageOf(run, { ...asked, cursor: page.next_cursor })
  }
  if (rows !== extent.rows || String(sum) !== extent.sum_nano)
    throw fault('internal', {
      detail: `an export of ${rows} rows and ${sum} nano-USD, not ${extent.rows} and ${extent.sum_nano}`,
    })
  const days = { from: from ?? null, to: to ?? null }
  const { head, open_rows } = extent
  return { format, ...days, rows, sum_nano: String(sum), head, open_rows, bytes, sha256: hash.digest('hex') }
}

/** The first page, once the rows are linked that were there when the export began. */
async function linkedPage(
  { run, progress, pause = wait }: Exporting,
  asked: Record<string, unknown>,
): Promise<Page> {
  const began = new Date().toISOString()
  for (let pauses = 0; ; pauses++) {
    const page = await pageOf(run, asked)
    const since = page.extent?.open_since ?? null
    if (since === null || since > began || pauses === PAUSES) return page
    if (pauses === 0) progress(`waiting until ${page.extent?.open_rows ?? 0} new rows are linked`)
    await pause(PAUSE_MS)
  }
}

async function pageOf(run: TenantCaller['run'], asked: Record<string, unknown>): Promise<Page> {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return (await run('list_ledger', Object.fromEntries(given))) as unknown as Page
}

function lineOf(row: ListedCharge, format: LedgerFormat): string {
  return format === 'csv' ? ledgerCsvLine(row) : `${JSON.stringify(row)}\n`
}
