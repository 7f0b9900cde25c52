// How many requests of one address, one tenant and one user may be under way at once. Rates bound how often a caller
// comes; this bounds what it holds: memory, connections to the database, open streams.
import { fault, type Fault } from '../../platform/faults.ts'
import { addressKey } from './address-key.ts'

export interface ConcurrencySettings {
  /** A whole office, or a proxy, may stand behind one address. */
  readonly address: number
  readonly tenant: number
  /** How long a caller whose tenant or user has no place left waits for its refusal; see RateLimitDeps. 0 by default. */
  readonly refusalPauseMs?: number
}

export type Release = () => void

export interface Concurrency {
  readonly refusalPauseMs: number
  /** Before anything is known of the caller. */
  ofAddress(address: string | undefined): Release | undefined
  /** Once the caller is known. A user gets half of its tenant's places, so that the other half is never all its own. */
  ofCaller(tenantId: string, subject: string): Release | undefined
}

/** Each answers how to free the place, once, or undefined when there is none. */
export function concurrency({ address, tenant, refusalPauseMs = 0 }: ConcurrencySettings): Concurrency {
  const addresses = places(address)
  const tenants = places(tenant)
  const users = places(Math.ceil(tenant / 2))
  return {
    refusalPauseMs,
    ofAddress: of => addresses.take(addressKey(of)),
    ofCaller(tenantId, subject) {
      const ofTenant = tenants.take(tenantId)
      if (ofTenant === undefined) return undefined
      // A tenant's id has a fixed length, so no two pairs run together.
      const ofUser = users.take(`${tenantId} ${subject}`)
      if (ofUser === undefined) {
        ofTenant()
        return undefined
      }
      return () => {
        ofUser()
        ofTenant()
      }
    },
  }
}

/** A place gets free when a call ends: nobody knows when, but a second is long for a call. */
const RETRY_AFTER_MS = 1_000

export function tooManyRunning(): Fault {
  return fault('rate_limited', {
    reason: 'too_many_running',
    retryAfterMs: RETRY_AFTER_MS,
    say: 'Too many of your requests are under way at once; wait for some to end and try again.',
  })
}

/** Counts by key; a key that holds nothing is not kept. */
function places(most: number) {
  const taken = new Map<string, number>()
  return {
    take(key: string): Release | undefined {
      const held = taken.get(key) ?? 0
      if (held >= most) return undefined
      taken.set(key, held + 1)
      let isFreed = false
      return () => {
        if (isFreed) return
        isFreed = true
        const left = (taken.get(key) ?? 1) - 1
        if (left === 0) taken.delete(key)
        else taken.set(key, left)
      }
    },
  }
}
