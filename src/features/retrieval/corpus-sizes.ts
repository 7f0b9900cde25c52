// What searches have seen of each tenant: how many passages it has, and whether everyone in it reads everything. Hints,
// never more: which of two statements suits a tenant, and which is to be asked first.

/** A tenant that is forgotten is read once the plain way. */
const MOST = 10_000

export interface CorpusSize {
  readonly passages: number
  /** Whether the tenant has no access list. */
  readonly isOpen: boolean
}

export interface CorpusSizes {
  of(tenantId: string): CorpusSize | undefined
  note(tenantId: string, size: CorpusSize): void
}

export function corpusSizes(): CorpusSizes {
  const sizes = new Map<string, CorpusSize>()
  return {
    of: tenantId => sizes.get(tenantId),
    note: (tenantId, { passages, isOpen }) => {
      // The oldest note goes: a Map keeps the order of insertion.
      sizes.delete(tenantId)
      sizes.set(tenantId, { passages, isOpen })
      if (sizes.size > MOST) for (const oldest of sizes.keys()) return void sizes.delete(oldest)
    },
  }
}
