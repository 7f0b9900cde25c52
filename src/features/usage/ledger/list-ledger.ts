// list_ledger: what the tenant was charged, row by row, in the order of the chain: for bills and exports.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { openRange, rangeInput } from '../reports/report-range.ts'
import { ledgerCursor, placesAt } from './ledger-cursor.ts'
import { LedgerRow, listedCharge, type ChargeRecord } from './ledger-rows.ts'

type Range = ReturnType<typeof openRange>

interface Extent {
  /** Null before the first row is linked, as is the hash. */
  readonly chained_as: bigint | null
  readonly chain_hash: Uint8Array | null
  readonly open_rows: number
  readonly open_since: Date | null
  readonly rows: number
  readonly sum_nano: string
}

const rowsOf = sqlFile<
  Range & { tenant_id: string; after: bigint; until: bigint; limit: number },
  ChargeRecord
>(import.meta.url, 'list-ledger.sql')
const extentOf = sqlFile<Range & { tenant_id: string }, Extent>(import.meta.url, 'ledger-extent.sql')

const output = z.strictObject({
  rows: z.array(LedgerRow),
  next_cursor: z.string().optional().describe('Absent on the last page.'),
  extent: z
    .strictObject({
      rows: z.int().describe('What all pages together have.'),
      sum_nano: z.string(),
      head: z.strictObject({ chained_as: z.int(), chain_hash: z.string() }).nullable(),
      open_rows: z.int().describe('Rows of the last seconds, which are not linked yet and on no page.'),
      open_since: z.string().nullable(),
    })
    .optional()
    .describe('On the first page.'),
})

export const listLedger = defineOperation({
  name: 'list_ledger',
  title: 'Read the ledger',
  description:
    'Lists every charge and correction that is linked, in the order of the chain. Pass next_cursor as cursor for the next page; all pages are of the moment of the first.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'costs:read',
  weight: 2,
  input: z.strictObject({
    ...rangeInput,
    limit: z.int().min(1).max(1000).default(100).describe('How many rows at most.'),
    cursor: z.string().max(200).optional().describe('The next_cursor of the page before.'),
  }),
  output,
  async run({ limit, cursor, ...asked }, call) {
    const { tenantId: tenant_id } = call.principal
    const range = openRange(asked)
    return call.read(async tx => {
      const extent = cursor === undefined ? await tx.first(extentOf({ tenant_id, ...range })) : undefined
      const { after, until } =
        cursor === undefined ? { after: 0n, until: extent?.chained_as ?? 0n } : placesAt(cursor)
      const rows = await tx.all(rowsOf({ tenant_id, ...range, after, until, limit: limit + 1 }))
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        rows: rows.slice(0, limit).map(listedCharge),
        ...(last === undefined ? {} : { next_cursor: ledgerCursor({ after: last.chained_as, until }) }),
        ...(extent === undefined ? {} : { extent: shown(extent) }),
      }
    })
  },
})

function shown({ rows, sum_nano, chained_as, chain_hash, open_rows, open_since }: Extent) {
  return {
    rows,
    sum_nano,
    head:
      chained_as === null || chain_hash === null
        ? null
        : { chained_as: Number(chained_as), chain_hash: Buffer.from(chain_hash).toString('hex') },
    open_rows,
    open_since: open_since?.toISOString() ?? null,
  }
}
