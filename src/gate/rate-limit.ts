// The second door: how often. An address before anything is known of the caller, then tenant and user together,
// then user and operation. The counting is limits/memory-limiter.ts.
import { fault, type Fault } from '../platform/faults.ts'
import type { TenantPrincipal } from './call.ts'
import type { Limit } from './limits/gcra.ts'
import { addressKey } from './limits/address-key.ts'
import type { Admission, Limiter } from './limits/memory-limiter.ts'
import { wholeSeconds } from './limits/rate-limit-headers.ts'
import type { OpenedCall } from './open-call.ts'
import type { Operation } from './operation.ts'

export type Rate = Omit<Limit, 'name'>

/**
 * Per tenant, per user within its tenant, per user and operation (a call weighs what its operation says), and per
 * address before authentication: coarse, since a whole office may stand behind one.
 */
export interface Rates {
  readonly tenant: Rate
  readonly user: Rate
  readonly operation: Rate
  readonly address: Rate
}

const DEFAULT_RATE: Rate = { perSecond: 100, burst: 200 }
const ADDRESS_FACTOR = 5

/** All rates from the one that is configured. */
export function ratesFrom(rate: Rate): Rates {
  const address = { perSecond: rate.perSecond * ADDRESS_FACTOR, burst: rate.burst * ADDRESS_FACTOR }
  return { tenant: rate, user: rate, operation: rate, address }
}

export interface RateLimit {
  /** Before authentication. Of a refusal strangers are told `Retry-After` alone. */
  ofAddress(address: string | undefined): Promise<Admission>
  /** At the HTTP door, for every method; its decisions become the RateLimit headers of the answer. */
  ofPrincipal(principal: TenantPrincipal): Promise<Admission>
  /** The stage of a call: throws `rate_limited`. Operators are not limited. */
  takeToken(operation: Operation, opened: OpenedCall): Promise<void>
}

export function rateLimit({
  limiter,
  rates = ratesFrom(DEFAULT_RATE),
}: {
  limiter: Limiter
  rates?: Rates
}): RateLimit {
  const limits = namedLimits(rates)
  return {
    ofAddress: address => limiter.takeAll([{ limit: limits.address, key: addressKey(address) }]),
    ofPrincipal: principal =>
      limiter.takeAll([
        { limit: limits.tenant, key: principal.tenantId },
        { limit: limits.user, key: userKey(principal) },
      ]),
    async takeToken(operation, { call: { principal } }) {
      if (principal.realm === 'deployment') return
      const key = `${operation.name} ${userKey(principal)}`
      const taking = { limit: limits.operation, key, weight: operation.weight ?? 1 }
      const admission = await limiter.takeAll([taking])
      if (!admission.allowed) throw rateLimited(admission)
    },
  }
}

const WHOSE: Readonly<Record<string, string>> = {
  tenant: 'for this tenant',
  user: 'for this user',
  operation: 'of this operation',
  address: 'from this address',
}

/** The fault for an admission that was refused; its reason names the limit: `tenant_rate`, `user_rate` … */
export function rateLimited({ decisions }: Admission): Fault {
  const refused = decisions.filter(decision => !decision.allowed)
  const slowest = refused.toSorted((one, other) => other.retryAfterMs - one.retryAfterMs)[0]
  if (slowest === undefined) throw new Error('nothing was refused')
  const { limit, retryAfterMs } = slowest
  return fault('rate_limited', {
    reason: `${limit.name}_rate`,
    retryAfterMs,
    say: `Too many calls ${WHOSE[limit.name] ?? ''}; try again in ${wholeSeconds(retryAfterMs)} s.`,
  })
}

// A tenant's id has a fixed length, so no two pairs of tenant and subject run together.
function userKey({ tenantId, subject }: TenantPrincipal): string {
  return `${tenantId} ${subject}`
}

function namedLimits(rates: Rates): Record<keyof Rates, Limit> {
  const named = (name: keyof Rates): Limit => {
    const { perSecond, burst } = rates[name]
    if (!(perSecond > 0 && Number.isInteger(burst) && burst >= 1))
      throw new RangeError(`the rate of ${name} cannot be kept`)
    return { name, perSecond, burst }
  }
  return {
    tenant: named('tenant'),
    user: named('user'),
    operation: named('operation'),
    address: named('address'),
  }
}
