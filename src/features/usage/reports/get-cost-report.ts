// get_cost_report: what the tenant has spent, by user, key, model, operation, task, step, label or day.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFiles } from '../../../platform/db/statements.ts'
import { rangeInput, reportRange } from './report-range.ts'

export const REPORTED_BY = ['user', 'key', 'model', 'operation', 'task', 'step', 'label', 'day'] as const

/** A download has all of a report, or is refused. */
export const MOST_REPORTED = 10_000

const Nano = z.string().regex(/^-?\d+$/)
const sums = {
  requests: z.int().describe('Calls to providers.'),
  units_in: z
    .int()
    .describe('Tokens that went in, cached ones and embeddings included; searches of rerankers.'),
  units_out: z.int().describe('Tokens that came out.'),
  cost_nano: Nano.describe('Nano-USD, exact; corrections are in it.'),
}

interface ReportRow {
  readonly name: string | null
  readonly requests: string
  readonly units_in: string
  readonly units_out: string
  readonly cost_nano: string
  readonly days: Readonly<Record<string, string>>
  readonly all_names: bigint
  readonly all_requests: string
  readonly all_units_in: string
  readonly all_units_out: string
  readonly all_cost_nano: string
}

const report = sqlFiles<{ tenant_id: string; from: Date; until: Date; limit: number }, ReportRow>(
  import.meta.url,
  'report.sql',
)

export const getCostReport = defineOperation({
  name: 'get_cost_report',
  title: 'Report what was spent',
  description:
    'Says what the tenant has spent in some days (by default the last 30), by user, key, model, operation, task, step, label or day: requests, units and cost, the dearest first.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'costs:read',
  weight: 5,
  input: z.strictObject({
    by: z.enum(REPORTED_BY),
    ...rangeInput,
    limit: z
      .int()
      .min(1)
      .max(MOST_REPORTED)
      .default(100)
      .describe('How many rows at most; the totals are of all.'),
  }),
  output: z.strictObject({
    by: z.enum(REPORTED_BY),
    from: z.string(),
    to: z.string(),
    days: z.array(z.string()).describe('Every day of the report.'),
    rows: z.array(
      z.strictObject({
        id: z.string().nullable().describe('Null: what has none, for example no label.'),
        ...sums,
        share: z.number().describe('Percent of the total.'),
        days: z.array(Nano).describe('Cost on each of the days.'),
      }),
    ),
    more_rows: z.int().describe('Rows beyond the limit.'),
    total: z.strictObject(sums),
  }),
  async run({ by, limit, ...asked }, call) {
    const { from, to, days, starts, ends } = reportRange(asked, new Date())
    const { tenantId } = call.principal
    const [rows] = await call.readBatch([
      report(
        { tenant_id: tenantId, from: starts, until: ends, limit: by === 'day' ? days.length : limit },
        by === 'day' ? ['day'] : [by, 'ranked'],
      ),
    ])
    const [first] = rows
    const total = BigInt(first?.all_cost_nano ?? 0)
    return {
      by,
      from,
      to,
      days: [...days],
      rows: rows.map(row => ({
        id: row.name,
        requests: Number(row.requests),
        units_in: Number(row.units_in),
        units_out: Number(row.units_out),
        cost_nano: row.cost_nano,
        share: shareOf(BigInt(row.cost_nano), total),
        days: days.map(day => row.days[day] ?? '0'),
      })),
      more_rows: Number(first?.all_names ?? 0n) - rows.length,
      total: {
        requests: Number(first?.all_requests ?? 0),
        units_in: Number(first?.all_units_in ?? 0),
        units_out: Number(first?.all_units_out ?? 0),
        cost_nano: String(total),
      },
    }
  },
})

/** Percent, with one digit behind the point. */
function shareOf(part: bigint, total: bigint): number {
  return total <= 0n ? 0 : Number((part * 2000n + total) / (total * 2n)) / 10
}
