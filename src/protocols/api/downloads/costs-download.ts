// GET /api/downloads/costs.csv, .json ?by&from&to: a cost report as a file, with all its rows or none.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MOST_REPORTED, REPORTED_BY } from '../../../features/usage/reports/get-cost-report.ts'
import { rangeInput } from '../../../features/usage/reports/report-range.ts'
import { parseInput } from '../../../gate/parse-input.ts'
import { fault } from '../../../platform/faults.ts'
import { costsCsv, type CostReport } from '../../exports/costs-csv.ts'
import { asFile } from './as-file.ts'

type Run = (request: FastifyRequest, input: unknown) => Promise<Record<string, unknown>>

const asked = { input: z.strictObject({ by: z.enum(REPORTED_BY).default('model'), ...rangeInput }) }

export const COSTS_FORMATS = ['csv', 'json'] as const

export function costsDownload(format: (typeof COSTS_FORMATS)[number], run: Run) {
  return async function download(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const input = parseInput(asked, request.query)
    const report = (await run(request, { ...input, limit: MOST_REPORTED })) as CostReport
    if (report.more_rows > 0)
      throw fault('invalid_input', {
        reason: 'too_many_rows',
        say: `The report has more than ${MOST_REPORTED} rows: ask for fewer days, or download the ledger.`,
      })
    return asFile(reply, ['costs-by', report.by, report.from, report.to], format).send(
      format === 'csv' ? costsCsv(report) : `${JSON.stringify(report, null, 2)}\n`,
    )
  }
}
