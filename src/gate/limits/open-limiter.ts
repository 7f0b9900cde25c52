// The limiter that a process's settings ask for: in its own memory, or shared with the others that serve.
import { openSharedStore, type SharedStore } from '../../platform/redis/shared-store.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { memoryLimiter, type Limiter } from './memory-limiter.ts'
import { sharedLimiter } from './shared-limiter.ts'

export interface LimiterSettings {
  /** Of Redis or Valkey; undefined: counted here. */
  readonly url: string | undefined
  /** Processes that serve, at least. */
  readonly replicas: number
  readonly log: Pick<Logger, 'error' | 'info'>
}

export interface OpenLimiter {
  readonly limiter: Limiter
  /** Where the limits are counted with others; undefined where this process counts alone. */
  readonly store: Pick<SharedStore, 'ping' | 'processes'> | undefined
  close(): void
}

/** Resolves within about a second, also when the store is away: then the limits are counted here until it comes. */
export async function openLimiter({ url, replicas, log }: LimiterSettings): Promise<OpenLimiter> {
  if (url === undefined) return { limiter: memoryLimiter(), store: undefined, close: () => undefined }
  const store = await openSharedStore({
    url,
    onAway: err =>
      log.error(
        { err, alarm: 'redis' },
        'Redis is away: each process keeps its share of the rates by itself',
      ),
    onBack: () => log.info('Redis is back: the rates are counted together again'),
  })
  return { limiter: sharedLimiter({ store, atLeast: replicas }), store, close: store.close }
}
