// What makes two searches the same search: everything that their answer depends on.
import { createHash } from 'node:crypto'
import type { TenantPrincipal } from '../../../gate/call.ts'
import { readsOf } from '../../../gate/roles.ts'
import type { Weights } from '../ranking/fuse.ts'

export interface SearchKey {
  /** The operation's name. */
  readonly operation: string
  /** The number of the model that is asked for vectors; null when none is. */
  readonly model: number | null
  /** As asked for, before a branch was missing. */
  readonly weights: Weights
  readonly limit: number
  /** The filter, as `conditionsOf` writes it. */
  readonly conditions: string | null
  readonly query: string
  /** Whether characters were removed from the query: the answer says so. */
  readonly cleaned: boolean
}

/** Of what is found by those who read every document of the tenant. */
export const ALL_DOCUMENTS = 'all'

/**
 * What the caller may read, as text: callers with the same text read the same documents, at the same index version. Of
 * two users with access lists nobody can say so without asking the database: each is his own.
 */
export function accessOf(principal: Pick<TenantPrincipal, 'scopes' | 'subject'>): string {
  return readsOf(principal) === 'all' ? ALL_DOCUMENTS : `listed:${principal.subject}`
}

/** To be raised when answers change their shape or meaning: a cache may outlive the process that filled it. */
const FORMAT = 2

/** Two keys are equal only when all parts are: JSON of a list in fixed order has one reading. */
export function hashOf(tenantId: string, access: string, key: SearchKey): string {
  const { operation, model, weights, limit, conditions, query, cleaned } = key
  const parts = [
    FORMAT,
    tenantId,
    operation,
    access,
    model,
    weights.bm25,
    weights.vector,
    limit,
    conditions,
    cleaned,
    query,
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
