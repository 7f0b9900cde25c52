// The ledger as CSV (RFC 4180), with units and prices in columns of their own. Amounts are exact: nano-USD as whole
// numbers, and the same in dollars. Spreadsheets run what looks like a formula: such a text gets an apostrophe in front.
import type { ListedCharge } from '../../features/usage/ledger/ledger-rows.ts'
import { usd } from '../../gate/money/usd.ts'
import { COMPONENTS } from '../../gate/money/usage.ts'
import { csvAmount, csvCell } from './csv-cell.ts'

const TEXTS = [
  'id',
  'at',
  'kind',
  'user',
  'written_by',
  'key_id',
  'model',
  'operation',
  'task',
  'step',
  'label',
] as const satisfies readonly (keyof ListedCharge)[]
const MORE_TEXTS = [
  'basis',
  'price_version',
  'note',
  'hold_id',
  'chain_hash',
] as const satisfies readonly (keyof ListedCharge)[]

export const LEDGER_COLUMNS: readonly string[] = [
  'chained_as',
  ...TEXTS,
  ...COMPONENTS.map(component => `${component}_units`),
  ...COMPONENTS.map(component => `${component}_nano_per_million`),
  'cost_nano',
  'cost_usd',
  'uncharged_nano',
  ...MORE_TEXTS,
]

export const LEDGER_CSV_HEAD = `${LEDGER_COLUMNS.join(',')}\r\n`

export function ledgerCsvLine(row: ListedCharge): string {
  const cells = [
    csvAmount(row.chained_as),
    ...TEXTS.map(column => csvCell(row[column])),
    ...COMPONENTS.map(component => csvAmount(row.usage[component])),
    ...COMPONENTS.map(component => csvAmount(row.per_million[component])),
    csvAmount(row.cost_nano),
    csvAmount(usd(BigInt(row.cost_nano))),
    csvAmount(row.uncharged_nano),
    ...MORE_TEXTS.map(column => csvCell(row[column])),
  ]
  return `${cells.join(',')}\r\n`
}
