// The cache of one process. It keeps no timer: what is too old is not answered, and goes when somebody stores.
import type { Cache } from './cache.ts'
import { holdings } from './holdings.ts'

export interface MemoryCacheBounds {
  /** Of values, keys and what an entry costs beside them; a quarter of it for one tenant. */
  readonly maxBytes: number
  /** In the same way. */
  readonly maxEntries: number
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number
}

/** Of the maps and objects around a value; a guess on the safe side. */
const ENTRY_BYTES = 200
const SWEEP_MS = 10_000

export function memoryCache({
  maxBytes,
  maxEntries,
  now = () => performance.now(),
}: MemoryCacheBounds): Cache {
  const held = holdings({ bytes: maxBytes, entries: maxEntries })
  let sweptAt = now()
  return {
    async get(tenantId, key) {
      const entry = held.use(tenantId, key)
      if (entry === undefined || entry.endsAt > now()) return entry?.value
      held.drop(tenantId, key)
      return undefined
    },
    async set(tenantId, key, value, ttlMs) {
      const at = now()
      if (at - sweptAt >= SWEEP_MS) {
        sweptAt = at
        held.dropEnded(at)
      }
      const bytes = value.byteLength + 2 * key.length + ENTRY_BYTES
      held.put(tenantId, key, { value, bytes, endsAt: at + ttlMs })
    },
    async forget(tenantId) {
      held.dropAll(tenantId)
    },
  }
}
