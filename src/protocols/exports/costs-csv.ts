// A cost report as CSV: the rows that were reported, in their order, and no row of totals among them. Amounts are exact.
import type { z } from 'zod'
import type { getCostReport } from '../../features/usage/reports/get-cost-report.ts'
import { usd } from '../../gate/money/usd.ts'
import { csvAmount, csvCell } from './csv-cell.ts'

export type CostReport = z.output<typeof getCostReport.output>

export function costsCsv({ by, rows }: CostReport): string {
  const head = [by, 'requests', 'units_in', 'units_out', 'cost_nano', 'cost_usd', 'share_percent']
  const lines = rows.map(row => [
    csvCell(row.id),
    csvAmount(row.requests),
    csvAmount(row.units_in),
    csvAmount(row.units_out),
    csvAmount(row.cost_nano),
    csvAmount(usd(BigInt(row.cost_nano))),
    csvAmount(row.share),
  ])
  return [head, ...lines].map(cells => `${cells.join(',')}\r\n`).join('')
}
