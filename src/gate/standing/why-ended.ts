// Whether a caller that was let in would still be let in, as the same and with as much: asked every other second of the
// calls that are under way, so that a stream does not outlive what it was opened with.
import { asFault, type Fault } from '../../platform/faults.ts'
import type { Principal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'

/** Somebody who was let in, and the way to ask again who that is now. */
export interface Admitted {
  readonly principal: Principal
  readonly identify: () => Promise<Principal>
}

/**
 * The fault that ends the call, `unauthenticated` with `auth_expired` or what it would be refused with now; undefined while
 * it may go on. `now` in milliseconds since 1970.
 */
export async function whyEnded({ principal, identify }: Admitted, now: number): Promise<Fault | undefined> {
  // Without the tolerance for clocks: it is for callers on their way in.
  if (principal.realm === 'tenant' && principal.expiresAt * 1_000 <= now)
    return unauthenticated('auth_expired', 'expired')
  try {
    const isGood = allowsAsMuch(await identify(), principal)
    return isGood
      ? undefined
      : unauthenticated('auth_expired', 'it speaks for somebody else now, or allows less')
  } catch (error) {
    const problem = asFault(error)
    if (problem.code === 'unauthenticated') return unauthenticated('auth_expired', problem.reason, error)
    // A page that was opened in another tenant than its session is in by now. That nobody can tell ends nothing.
    return problem.code === 'conflict' || problem.code === 'forbidden' ? problem : undefined
  }
}

function allowsAsMuch(now: Principal, before: Principal): boolean {
  if (before.realm === 'deployment' || now.realm === 'deployment')
    return now.realm === before.realm && now.subject === before.subject
  return (
    now.tenantId === before.tenantId &&
    now.subject === before.subject &&
    [...before.scopes].every(scope => now.scopes.has(scope))
  )
}
