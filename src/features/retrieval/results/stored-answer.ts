// An answer as a cache holds it: one line that says whose it is, then the answer. As text, so that nobody who gets it
// can change what the next one gets.
import type { SearchAnswer } from '../search-answer.ts'

/** What the first line says. */
export interface StoredUnder {
  readonly tenantId: string
  /** The hash of the search's key. */
  readonly key: string
  /** The index version that the answer was found under. */
  readonly version: string
  /** Whether the tenant had no access list then: everyone in it would have found the same. */
  readonly isOpen: boolean
}

export interface StoredAnswer extends StoredUnder {
  /** The answer, as JSON. */
  readonly text: string
}

export function toBytes({ tenantId, key, version, isOpen, text }: StoredAnswer): Uint8Array {
  return Buffer.from(`${JSON.stringify([tenantId, key, version, isOpen])}\n${text}`)
}

/** Undefined for bytes of another tenant or search, and for what is no stored answer. */
export function fromBytes(
  bytes: Uint8Array,
  { tenantId, key }: Pick<StoredUnder, 'tenantId' | 'key'>,
): StoredAnswer | undefined {
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = stored.indexOf('\n')
  try {
    const head = JSON.parse(stored.toString('utf8', 0, Math.max(end, 0))) as unknown[]
    const [ofTenant, ofKey, version, isOpen] = head
    if (ofTenant !== tenantId || ofKey !== key || typeof version !== 'string') return undefined
    return { tenantId, key, version, isOpen: isOpen === true, text: stored.toString('utf8', end + 1) }
  } catch {
    return undefined
  }
}

/** A copy of its own for each caller. */
export function answerOf({ text }: Pick<StoredAnswer, 'text'>): SearchAnswer {
  return JSON.parse(text) as SearchAnswer
}
