// GET /api/downloads/…: the ledger and cost reports as files, for a link that a person follows. They are views of
// list_ledger and get_cost_report: the same caller, scope, limits and records.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operation } from '../../../gate/operation.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { LEDGER_FORMATS } from '../../exports/ledger-file.ts'
import { COSTS_FORMATS, costsDownload } from './costs-download.ts'
import { ledgerDownload } from './ledger-download.ts'

/** Runs a page of it as the one who asked. */
export type RunAsCaller = (
  request: FastifyRequest,
  operation: Operation,
  input: unknown,
) => Promise<Record<string, unknown>>

/** The same, of the one operation that a download shows. */
export type RunOne = (request: FastifyRequest, input: unknown) => Promise<Record<string, unknown>>

export interface DownloadsOptions {
  readonly catalog: readonly Operation[]
  readonly log: Pick<Logger, 'error'>
  readonly run: RunAsCaller
  /** Before the handler: counts the request for the tenant's tier. */
  readonly counter: (operation: Operation) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

/** To be mounted where callers are known. */
export function serveDownloads(api: FastifyInstance, { catalog, log, run, counter }: DownloadsOptions): void {
  for (const operation of catalog) {
    const runIt: RunOne = (request, input) => run(request, operation, input)
    // Without HEAD: its answer ends at once, and the file would be read on to its end, counted and watched by nobody.
    const counted = { onRequest: counter(operation), exposeHeadRoute: false }
    if (operation.name === 'list_ledger')
      for (const format of LEDGER_FORMATS)
        api.get(`/api/downloads/ledger.${format}`, counted, ledgerDownload(format, { log, run: runIt }))
    if (operation.name === 'get_cost_report')
      for (const format of COSTS_FORMATS)
        api.get(`/api/downloads/costs.${format}`, counted, costsDownload(format, runIt))
  }
}
