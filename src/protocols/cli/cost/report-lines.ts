// A cost report as people are shown it: a table, the dearest first, each row with a line of its days.
import type { z } from 'zod'
import type { getCostReport } from '../../../features/usage/reports/get-cost-report.ts'
import { dollars } from '../../../gate/money/money-text.ts'
import { sparkLine } from './spark-line.ts'
import { tableLines, type Column } from './table.ts'

export type CostReport = z.output<typeof getCostReport.output>
type Row = Pick<
  CostReport['rows'][number],
  'id' | 'requests' | 'units_in' | 'units_out' | 'cost_nano' | 'share'
> & { readonly days: readonly string[] }

export function reportLines(report: CostReport): string[] {
  const { by, from, to, rows, total, more_rows: more } = report
  const span = from === to ? `on ${from}` : `from ${from} to ${to}`
  if (rows.length === 0) return [`Nothing was spent ${span} (UTC).`]
  const days = rows[0]?.days.map((_, index) =>
    String(rows.reduce((sum, row) => sum + BigInt(row.days[index] ?? '0'), 0n)),
  )
  const all: Row = {
    ...total,
    id: 'total',
    share: total.cost_nano === '0' ? 0 : 100,
    days: more > 0 ? [] : (days ?? []),
  }
  return [
    ...tableLines(columnsOf(by), [...rows, all]),
    ...(more > 0 ? [`and ${more} more, which are in the total; see more with --limit`] : []),
    `Spent ${span} (UTC).`,
  ]
}

function columnsOf(by: CostReport['by']): Column<Row>[] {
  return [
    { title: by.toUpperCase(), of: ({ id }) => id ?? '(none)' },
    { title: 'REQUESTS', of: ({ requests }) => String(requests), isAmount: true },
    { title: 'UNITS IN', of: ({ units_in }) => String(units_in), isAmount: true },
    { title: 'UNITS OUT', of: ({ units_out }) => String(units_out), isAmount: true },
    { title: 'COST', of: ({ cost_nano }) => dollars(BigInt(cost_nano)), isAmount: true },
    { title: 'SHARE', of: ({ share }) => `${share.toFixed(1)}%`, isAmount: true },
    // A day has but itself.
    ...(by === 'day' ? [] : [{ title: 'DAYS', of: ({ days }: Row) => sparkLine(days.map(BigInt)) }]),
  ]
}
