// Who holds how much of a cache, and who pays when it is full: a tenant beyond its share with its own oldest entry,
// otherwise whoever holds the most. So no tenant pushes out what a smaller one keeps.

/** What one tenant may hold of the whole. */
const SHARE = 0.25

export interface Entry {
  readonly value: Uint8Array
  readonly bytes: number
  /** On the cache's clock, in milliseconds. */
  readonly endsAt: number
}

/** What is held, of one tenant or of all. */
export interface Amount {
  bytes: number
  entries: number
}

interface Holding extends Amount {
  /** Least recently used first. */
  readonly byKey: Map<string, Entry>
}

export interface Holdings {
  /** The entry, which is from now on the most recently used one of its tenant. */
  use(tenantId: string, key: string): Entry | undefined
  put(tenantId: string, key: string, entry: Entry): void
  drop(tenantId: string, key: string): void
  dropAll(tenantId: string): void
  dropEnded(now: number): void
}

export function holdings(bounds: Readonly<Amount>): Holdings {
  const held = new Map<string, Holding>()
  const all: Amount = { bytes: 0, entries: 0 }

  const drop = (tenantId: string, key: string): void => {
    const holding = held.get(tenantId)
    const entry = holding?.byKey.get(key)
    if (holding === undefined || entry === undefined) return
    holding.byKey.delete(key)
    count(holding, entry, -1)
    count(all, entry, -1)
    if (holding.entries === 0) held.delete(tenantId)
  }
  const dropOldest = (tenantId: string): void => {
    const [oldest] = held.get(tenantId)?.byKey.keys() ?? []
    if (oldest !== undefined) drop(tenantId, oldest)
  }
  const keepWithin = (measure: keyof Amount, storing: string): void => {
    const bound = bounds[measure]
    while ((held.get(storing)?.[measure] ?? 0) > bound * SHARE) dropOldest(storing)
    while (all[measure] > bound) dropOldest(largest(held, measure, storing))
  }
  return {
    use(tenantId, key) {
      const byKey = held.get(tenantId)?.byKey
      const entry = byKey?.get(key)
      if (byKey === undefined || entry === undefined) return undefined
      byKey.delete(key)
      byKey.set(key, entry)
      return entry
    },
    put(tenantId, key, entry) {
      drop(tenantId, key)
      const holding = held.get(tenantId) ?? { byKey: new Map<string, Entry>(), bytes: 0, entries: 0 }
      held.set(tenantId, holding)
      holding.byKey.set(key, entry)
      count(holding, entry, 1)
      count(all, entry, 1)
      keepWithin('bytes', tenantId)
      keepWithin('entries', tenantId)
    },
    drop,
    dropAll(tenantId) {
      for (const key of held.get(tenantId)?.byKey.keys() ?? []) drop(tenantId, key)
    },
    dropEnded(now) {
      for (const [tenantId, { byKey }] of held)
        for (const [key, { endsAt }] of byKey) if (endsAt <= now) drop(tenantId, key)
    },
  }
}

function count(amount: Amount, { bytes }: Entry, sign: 1 | -1): void {
  amount.bytes += sign * bytes
  amount.entries += sign
}

/** Among equals the one who stores now: storing costs nobody who holds no more. A walk over some hundred tenants. */
function largest(held: ReadonlyMap<string, Holding>, measure: keyof Amount, storing: string): string {
  let found = storing
  let most = held.get(storing)?.[measure] ?? 0
  for (const [tenantId, holding] of held) {
    if (holding[measure] <= most) continue
    found = tenantId
    most = holding[measure]
  }
  return found
}
