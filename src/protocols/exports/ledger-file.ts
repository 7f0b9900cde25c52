// The ledger as a file: the same bytes for the same rows, whoever asks for it. It is of one moment, and whole: one that has
// fewer rows than the server counted, or another sum, never comes to its end.
import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import type { ListedCharge } from '../../features/usage/ledger/ledger-rows.ts'
import type { listLedger } from '../../features/usage/ledger/list-ledger.ts'
import { usd } from '../../gate/money/usd.ts'
import { fault } from '../../platform/faults.ts'
import { LEDGER_CSV_HEAD, ledgerCsvLine } from './ledger-csv.ts'

/** csv; jsonl: one object a line; json: one document with the totals and the head of the chain. */
export const LEDGER_FORMATS = ['csv', 'jsonl', 'json'] as const
export type LedgerFormat = (typeof LEDGER_FORMATS)[number]

type Page = z.output<typeof listLedger.output>
export type LedgerExtent = NonNullable<Page['extent']>

export interface LedgerAsked {
  /** Runs list_ledger. */
  readonly run: (operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>
  readonly format: LedgerFormat
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly progress?: (line: string) => void
  readonly pause?: (ms: number) => Promise<unknown>
  readonly pageRows?: number
}

export interface LedgerFile {
  /** What it will have. */
  readonly extent: LedgerExtent
  /** Its text in pieces; throws where they do not add up to the extent. */
  readonly texts: AsyncGenerator<string, void, undefined>
}

const PAUSE_MS = 1_000
/** The chainer works every three seconds. */
const PAUSES = 15

/** Resolves once the rows are linked that were there when it was asked for, or after 15 seconds. */
export async function openLedgerFile(asked: LedgerAsked): Promise<LedgerFile> {
  const { from, to, pageRows: limit = 1_000 } = asked
  const first = await linkedPage(asked, { from, to, limit })
  const { extent } = first
  if (extent === undefined) throw fault('internal', { detail: 'a first page says how much there is' })
  return { extent, texts: textsOf(asked, pagesOf(asked, first, { from, to, limit }), extent) }
}

async function* textsOf(
  { format, from, to }: LedgerAsked,
  pages: AsyncGenerator<readonly ListedCharge[]>,
  extent: LedgerExtent,
): AsyncGenerator<string, void, undefined> {
  let rows = 0
  let sum = 0n
  const days = { from: from ?? null, to: to ?? null }
  yield {
    csv: LEDGER_CSV_HEAD,
    jsonl: '',
    json: `{"from":${text(days.from)},"to":${text(days.to)},"rows":[`,
  }[format]
  for await (const page of pages) {
    const before = rows
    rows += page.length
    sum = page.reduce((total, { cost_nano }) => total + BigInt(cost_nano), sum)
    yield page.map((row, index) => lineOf(row, format, before + index)).join('')
  }
  if (rows !== extent.rows || String(sum) !== extent.sum_nano)
    throw fault('internal', {
      detail: `an export of ${rows} rows and ${sum} nano-USD, not ${extent.rows} and ${extent.sum_nano}`,
    })
  const { sum_nano, head, open_rows } = extent
  const totals = { count: rows, sum_nano, sum_usd: usd(sum), head, open_rows }
  // What is cut off before this is no JSON.
  if (format === 'json') yield `\n],${JSON.stringify(totals).slice(1)}\n`
}

async function* pagesOf(
  { run }: LedgerAsked,
  first: Page,
  asked: Record<string, unknown>,
): AsyncGenerator<readonly ListedCharge[]> {
  for (let page = first; ; ) {
    yield page.rows
    if (page.next_cursor === undefined) return
    page = await pageOf(run, { ...asked, cursor: page.next_cursor })
  }
}

/** The first page, once the rows are linked that were there when the export began. */
async function linkedPage(
  { run, progress, pause = wait }: LedgerAsked,
  asked: Record<string, unknown>,
): Promise<Page> {
  const began = new Date().toISOString()
  for (let pauses = 0; ; pauses++) {
    const page = await pageOf(run, asked)
    const since = page.extent?.open_since ?? null
    if (since === null || since > began || pauses === PAUSES) return page
    if (pauses === 0) progress?.(`waiting until ${page.extent?.open_rows ?? 0} new rows are linked`)
    await pause(PAUSE_MS)
  }
}

async function pageOf(run: LedgerAsked['run'], asked: Record<string, unknown>): Promise<Page> {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return (await run('list_ledger', Object.fromEntries(given))) as unknown as Page
}

function lineOf(row: ListedCharge, format: LedgerFormat, index: number): string {
  if (format === 'csv') return ledgerCsvLine(row)
  if (format === 'jsonl') return `${JSON.stringify(row)}\n`
  return `${index === 0 ? '' : ','}\n${JSON.stringify(row)}`
}

function text(value: string | null): string {
  return JSON.stringify(value)
}
