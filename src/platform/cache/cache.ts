// A cache of bytes that belong to tenants. Memory serves it in one process; a server beside several can serve the
// same face. What is in it may be gone at any moment, and whoever reads it can do without.

export interface Cache {
  /** The bytes as they were set, not to be changed; undefined when they are not there, or too old. */
  get(tenantId: string, key: string): Promise<Uint8Array | undefined>
  /** Keeps `value` for `ttlMs` at most. The caller does not change it afterwards. */
  set(tenantId: string, key: string, value: Uint8Array, ttlMs: number): Promise<void>
  /** Drops all that this cache holds of a tenant. */
  forget(tenantId: string): Promise<void>
}

/** The same cache, whose failures look like misses: one that is away makes nobody fail. Its time it bounds itself. */
export function forgiving(cache: Cache): Cache {
  const orNothing = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask()
    } catch {
      return undefined
    }
  }
  return {
    get: (tenantId, key) => orNothing(() => cache.get(tenantId, key)),
    set: (tenantId, key, value, ttlMs) => orNothing(() => cache.set(tenantId, key, value, ttlMs)),
    forget: tenantId => orNothing(() => cache.forget(tenantId)),
  }
}
