// Says once that an embedder is away, and once that it is back, however many jobs find out.
import type { Logger } from '../../platform/telemetry/logger.ts'
import type { EmbeddedPending } from './embed-pending.ts'
import { moneyReason } from './paid/money-reason.ts'

export type Outages = (seen: Pick<EmbeddedPending, 'reached' | 'away'>) => void

export function outages(log: Pick<Logger, 'info' | 'warn'>): Outages {
  const since = new Map<string, number>()
  return ({ reached, away }) => {
    for (const { model, error } of away) {
      // A tenant without money says nothing of the model.
      if (since.has(model) || moneyReason(error) !== undefined) continue
      since.set(model, Date.now())
      log.warn({ err: error, model }, 'an embedding model cannot be asked: chunks wait, searches go by words')
    }
    for (const model of reached) {
      const began = since.get(model)
      if (began === undefined || !since.delete(model)) continue
      log.info({ model, awayMs: Date.now() - began }, 'an embedding model answers again')
    }
  }
}
