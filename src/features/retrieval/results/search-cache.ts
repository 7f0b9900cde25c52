// Answers of searches, kept for half a minute. An answer is served again only to its own tenant, for the same search, to
// those who read the same, and while the database says that nothing has changed, neither the documents nor who reads
// them: so what is deleted or closed is gone at the next query of every process.
import type { ReadCall } from '../../../gate/call.ts'
import { forgiving, type Cache } from '../../../platform/cache/cache.ts'
import { fault } from '../../../platform/faults.ts'
import type { SearchAnswer } from '../search-answer.ts'
import { indexVersion } from './index-version.ts'
import { accessOf, ALL_DOCUMENTS, hashOf, type SearchKey } from './search-key.ts'
import { answerOf, fromBytes, toBytes, type StoredAnswer } from './stored-answer.ts'

export interface Found {
  readonly answer: SearchAnswer
  /** Of `indexVersion`, read in the exchange that found the answer: then it is exactly what the answer knows of. */
  readonly version: string
  /** Whether the tenant had no access list at that version. */
  readonly isOpen: boolean
}

type Caller = Pick<ReadCall, 'principal' | 'readBatch' | 'signal'>
type SearchId = Pick<StoredAnswer, 'tenantId' | 'key'>

/** Where the caller's own answer lies, and where that of those who read all does; for them it is the same. */
type Ids = { readonly own: SearchId; readonly shared: SearchId }

/** The answer from the cache, from an equal search that is under way, or of `search`. */
export type SearchCache = (
  call: Caller,
  key: SearchKey,
  search: () => Promise<Found>,
) => Promise<SearchAnswer>

// Bounds what the version does not tell of: vectors that arrive later, and changes by an operator's hand.
const KEPT_MS = 30_000

/**
 * A search that nobody has asked before costs nothing more; one that is served from here costs the one exchange that
 * reads the version. The version is compared, not part of the hash: with it in there, nothing could be looked up before
 * it is read, and every first search would pay for an exchange.
 */
export function searchCache({ cache }: { readonly cache: Cache }): SearchCache {
  const kept = forgiving(cache)
  const underWay = new Map<string, Promise<StoredAnswer | undefined>>()

  const fromStore = async (call: Caller, id: SearchId, own: SearchId): Promise<SearchAnswer | undefined> => {
    const bytes = await kept.get(id.tenantId, id.key)
    const stored = bytes === undefined ? undefined : fromBytes(bytes, id)
    if (stored === undefined) return undefined
    // What a reader of all has found is for others only where everyone reads all.
    if (!stored.isOpen && id.key !== own.key) return undefined
    if (stored.version === (await versionNow(call))) return answerOf(stored)
    // What was found under an older version is served to nobody any more: its text need not stay.
    void kept.forget(id.tenantId)
    return undefined
  }
  const fromOther = async (call: Caller, running: Promise<StoredAnswer | undefined>) => {
    // It may have looked before a change that this caller knows of.
    const [found, version] = await Promise.all([running, versionNow(call)])
    if (call.signal.aborted) throw fault('cancelled')
    return found !== undefined && BigInt(found.version) >= BigInt(version) ? answerOf(found) : undefined
  }
  const search = async (
    { own: id, shared: forAll }: Ids,
    searching: Promise<Found>,
  ): Promise<SearchAnswer> => {
    const stored = searching.then(({ answer, ...of }) => {
      const under = of.isOpen ? forAll : id
      return { ...under, version: of.version, isOpen: of.isOpen, text: JSON.stringify(answer) }
    })
    // Its failure, or its caller's going away, is no failure of those who wait beside it: they search for themselves.
    const shared = stored.catch(() => undefined)
    underWay.set(id.key, shared)
    try {
      const { answer } = await searching
      // Where a branch was missing, it may be back for the next search.
      if (answer.degraded === undefined) {
        const keep = await stored
        void kept.set(keep.tenantId, keep.key, toBytes(keep), KEPT_MS)
      }
      return answer
    } finally {
      if (underWay.get(id.key) === shared) underWay.delete(id.key)
    }
  }
  return async (call, key, find) => {
    const { tenantId } = call.principal
    const idOf = (access: string): SearchId => ({ tenantId, key: hashOf(tenantId, access, key) })
    const ids = { own: idOf(accessOf(call.principal)), shared: idOf(ALL_DOCUMENTS) }
    const { own, shared } = ids
    const known =
      (await fromStore(call, shared, own)) ??
      (own.key === shared.key ? undefined : await fromStore(call, own, own))
    if (known !== undefined) return known
    const running = underWay.get(own.key)
    // Nothing is awaited between this look and the start: of two equal searches one would not see the other.
    if (running === undefined) return search(ids, find())
    return (await fromOther(call, running)) ?? search(ids, find())
  }
}

async function versionNow({ principal, readBatch }: Caller): Promise<string> {
  const [[row]] = await readBatch([indexVersion(principal.tenantId)])
  if (row === undefined) throw fault('internal', { detail: 'no index version under the seal' })
  return row.version
}
