// How many passages each tenant has, as far as searches have seen: which of two statements suits a tenant. A hint, never
// more: both statements give the same answer.

/** A tenant that is forgotten is read once the plain way. */
const MOST = 10_000

export interface CorpusSizes {
  of(tenantId: string): number | undefined
  note(tenantId: string, passages: number): void
}

export function corpusSizes(): CorpusSizes {
  const sizes = new Map<string, number>()
  return {
    of: tenantId => sizes.get(tenantId),
    note: (tenantId, passages) => {
      // The oldest note goes: a Map keeps the order of insertion.
      sizes.delete(tenantId)
      sizes.set(tenantId, passages)
      if (sizes.size > MOST) for (const oldest of sizes.keys()) return void sizes.delete(oldest)
    },
  }
}
