// One page of an audit, filtered: what list_audit and list_deployment_audit ask and answer alike.
import { z } from 'zod'
import type { Statement } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { auditCursor, numberAt, ORDERS } from './audit-cursor.ts'
import { auditTable, type AuditOf, type AuditRecord } from './audit-table.ts'
import { ListedRow, listedRow } from './listed-row.ts'

const time = z.iso.datetime({ offset: true, error: 'must be a time like 2026-01-31T12:00:00Z' }).optional()
const text = z.string().min(1).max(500).optional()

export const pageInput = z.strictObject({
  after: time.describe('Only rows of this time or later.'),
  before: time.describe('Only rows earlier than this.'),
  user: text.describe('Only what this subject did.'),
  operation: text.describe('Only calls of this operation.'),
  outcome: z.enum(['ok', 'refused', 'failed']).optional(),
  order: z
    .enum(ORDERS)
    .default('newest')
    .describe('newest or oldest first, by arrival; chain: the rows that are linked, by their places.'),
  limit: z.int().min(1).max(500).default(50).describe('How many rows at most.'),
  cursor: z.string().max(200).optional().describe('The next_cursor of the page before.'),
})

export const pageOutput = z.strictObject({
  rows: z.array(ListedRow),
  next_cursor: z.string().optional().describe('Absent on the last page.'),
})

export type PageInput = z.output<typeof pageInput>

/** The page's statement; one row too many tells of a next page. */
export function pageStatement(of: AuditOf, input: PageInput): Statement<AuditRecord> {
  const { rows, columns, mine } = auditTable(of)
  const { after, before, user, operation, outcome, order, limit, cursor } = input
  const from = cursor === undefined ? undefined : numberAt(order, cursor)
  const number = order === 'chain' ? sql.ref('chained_as') : sql.ref('sequence')
  const asked = [
    mine,
    order === 'chain' ? sql`chained_as is not null` : undefined,
    from === undefined ? undefined : order === 'newest' ? sql`${number} < ${from}` : sql`${number} > ${from}`,
    after === undefined ? undefined : sql`at >= ${after}::timestamptz`,
    before === undefined ? undefined : sql`at < ${before}::timestamptz`,
    user === undefined ? undefined : sql`subject = ${user}`,
    operation === undefined ? undefined : sql`operation = ${operation}`,
    outcome === undefined ? undefined : sql`outcome = ${outcome}`,
  ].filter(condition => condition !== undefined)
  return sql<AuditRecord>`
    select ${columns} from ${rows} where ${sql.join(asked, sql` and `)}
    order by ${number} ${order === 'newest' ? sql`desc` : sql`asc`} limit ${limit + 1}`
}

export function pageAnswer(
  records: readonly AuditRecord[],
  { order, limit }: PageInput,
): z.input<typeof pageOutput> {
  const last = records.length > limit ? records[limit - 1] : undefined
  const number = order === 'chain' ? last?.chained_as : last?.sequence
  return {
    rows: records.slice(0, limit).map(listedRow),
    ...(number === undefined || number === null ? {} : { next_cursor: auditCursor(order, number) }),
  }
}
