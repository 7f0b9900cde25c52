// GET /api/downloads/ledger.csv, .jsonl, .json ?from&to: the ledger's file, page by page as its reader takes it. What breaks
// on the way breaks the connection: nobody is left with half a file that looks whole.
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { rangeInput } from '../../../features/usage/reports/report-range.ts'
import { parseInput } from '../../../gate/parse-input.ts'
import { asFault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { openLedgerFile, type LedgerFormat } from '../../exports/ledger-file.ts'
import { asFile } from './as-file.ts'

interface LedgerDownload {
  readonly log: Pick<Logger, 'error'>
  /** list_ledger, as the one who asked. */
  readonly run: (request: FastifyRequest, input: unknown) => Promise<Record<string, unknown>>
}

const asked = { input: z.strictObject(rangeInput) }
type Asked = z.output<(typeof asked)['input']>

const MOST_LISTENERS = 20

/** Where a refusal does not say how long to wait. */
const DEFAULT_WAIT_MS = 1_000

export function ledgerDownload(format: LedgerFormat, { run, log }: LedgerDownload) {
  return async function download(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { from, to } = parseInput(asked, request.query) as Asked
    const { gone } = request
    const { extent, texts } = await openLedgerFile({
      run: (_, input) => ('cursor' in input ? patient(() => run(request, input), gone) : run(request, input)),
      format,
      from,
      to,
      pause: ms => sleep(ms, undefined, { signal: gone }),
    })
    const body = Readable.from(texts, { objectMode: false })
    body.once('error', error => {
      if (!gone.aborted) log.error({ err: error, request_id: request.id }, 'a download broke off')
    })
    // The door listens for the end of every answer; a stream's own listeners come on top.
    reply.raw.setMaxListeners(MOST_LISTENERS)
    return asFile(reply, ['ledger', from, to], format)
      .header('gatehouse-ledger-rows', String(extent.rows))
      .header('gatehouse-ledger-sum-nano', extent.sum_nano)
      .header('gatehouse-ledger-head', extent.head?.chain_hash ?? 'none')
      .send(body)
  }
}

/** A download that has begun waits when its pages come too fast. */
async function patient<Answer>(ask: () => Promise<Answer>, gone: AbortSignal): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const { code, retryAfterMs = DEFAULT_WAIT_MS } = asFault(error)
      if (code !== 'rate_limited') throw error
      await sleep(retryAfterMs, undefined, { signal: gone })
    }
  }
}
