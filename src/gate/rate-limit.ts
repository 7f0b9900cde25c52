// The second door: how often. An address before anything is known of the caller, then tenant and user together,
// then what the tenant's tier allows, then user and operation. The counting is limits/memory-limiter.ts, or
// limits/shared-limiter.ts where several processes serve.
import { setTimeout as sleep } from 'node:timers/promises'
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

/** What a tier lets its tenant ask for, and the one above it. */
export interface TierRate {
  readonly id: string
  readonly name: string
  /** Null: no more than the deployment's rate says. */
  readonly requestsPerMinute: number | null
  readonly next?: Omit<TierRate, 'next'> | undefined
}

export type TierOf = (tenantId: string) => TierRate

/** An admission by a tier names it. */
export interface TierAdmission extends Admission {
  readonly tier?: TierRate
}

export interface RateLimit {
  /** Before authentication. Of a refusal strangers are told `Retry-After` alone. */
  ofAddress(address: string | undefined): Promise<Admission>
  /** At the HTTP door, for every method; its decisions become the RateLimit headers of the answer. */
  ofPrincipal(principal: TenantPrincipal): Promise<Admission>
  /** Once the request is known to be one that a tier counts; for a tier without a rate of its own it takes nothing. */
  ofRequest(principal: TenantPrincipal): Promise<TierAdmission>
  /** The stage of a call: throws `rate_limited`. Operators are not limited. */
  takeToken(operation: Operation, opened: OpenedCall): Promise<void>
}

export interface RateLimitDeps {
  readonly limiter: Limiter
  /**
   * Counts addresses; `limiter` by default. It guards this process against strangers, so it is never shared: who is not
   * known yet makes nobody else work.
   */
  readonly strangers?: Limiter
  readonly rates?: Rates
  readonly tierOf?: TierOf
  /**
   * How long a refusal waits before it is known; 0 by default. A flood asks again as soon as it is answered, and
   * refusing thousands of times a second is work that all others wait for. Who keeps to Retry-After (a second at least)
   * loses nothing.
   */
  readonly refusalPauseMs?: number
}

export function rateLimit({
  limiter,
  strangers = limiter,
  rates = ratesFrom(DEFAULT_RATE),
  tierOf = () => UNTIERED,
  refusalPauseMs = 0,
}: RateLimitDeps): RateLimit {
  const limits = namedLimits(rates)
  const atTheDoor = async (taking: Promise<Admission>): Promise<Admission> => {
    const admission = await taking
    if (!admission.allowed && refusalPauseMs > 0) await sleep(refusalPauseMs)
    return admission
  }
  return {
    ofAddress: address => atTheDoor(strangers.takeAll([{ limit: limits.address, key: addressKey(address) }])),
    ofPrincipal: principal =>
      atTheDoor(
        limiter.takeAll([
          { limit: tenantLimit(limits.tenant, tierOf(principal.tenantId)), key: principal.tenantId },
          { limit: limits.user, key: userKey(principal) },
        ]),
      ),
    async ofRequest({ tenantId }) {
      const tier = tierOf(tenantId)
      if (tier.requestsPerMinute === null) return { allowed: true, decisions: [] }
      const limit = tierLimit(tier.requestsPerMinute)
      return { ...(await atTheDoor(limiter.takeAll([{ limit, key: tenantId }]))), tier }
    },
    async takeToken(operation, { call: { principal } }) {
      if (principal.realm === 'deployment') return
      const key = `${operation.name} ${userKey(principal)}`
      const taking = { limit: limits.operation, key, weight: operation.weight ?? 1 }
      const admission = await limiter.takeAll([taking])
      if (!admission.allowed) throw rateLimited(admission)
    },
  }
}

const UNTIERED: TierRate = { id: 'none', name: 'None', requestsPerMinute: null }

function tierLimit(requestsPerMinute: number): Limit {
  return { name: 'tier', perSecond: requestsPerMinute / 60, burst: requestsPerMinute }
}

/** The deployment's; of a tier that allows more it is as wide as that. */
function tenantLimit(limit: Limit, { requestsPerMinute }: TierRate): Limit {
  const { perSecond, burst } = tierLimit(requestsPerMinute ?? 0)
  return perSecond <= limit.perSecond ? limit : { ...limit, perSecond, burst: Math.max(burst, limit.burst) }
}

const WHOSE: Readonly<Record<string, string>> = {
  tenant: 'for this tenant',
  user: 'for this user',
  operation: 'of this operation',
  address: 'from this address',
}

/** The fault for an admission that was refused; its reason names the limit: `tenant_rate`, `user_rate` … */
export function rateLimited({ decisions, tier }: TierAdmission): Fault {
  const refused = decisions.filter(decision => !decision.allowed)
  const slowest = refused.toSorted((one, other) => other.retryAfterMs - one.retryAfterMs)[0]
  if (slowest === undefined) throw new Error('nothing was refused')
  const { limit, retryAfterMs } = slowest
  const retry = `try again in ${wholeSeconds(retryAfterMs)} s.`
  return fault('rate_limited', {
    reason: `${limit.name}_rate`,
    retryAfterMs,
    ...(tier === undefined
      ? { say: `Too many calls ${WHOSE[limit.name] ?? ''}; ${retry}` }
      : { say: `${allowance(tier)}; ${retry}${remedy(tier)}`, facts: factsOf(tier) }),
  })
}

function allowance({ name, requestsPerMinute }: TierRate): string {
  return `The tier ${name} allows this tenant ${String(requestsPerMinute)} requests a minute`
}

function remedy({ next }: TierRate): string {
  if (next === undefined) return ''
  const more = next.requestsPerMinute === null ? 'no such limit' : `${next.requestsPerMinute} a minute`
  return ` The next tier is ${next.name} (${more}); the operator can change it.`
}

function factsOf({ id, requestsPerMinute, next }: TierRate): NonNullable<Fault['facts']> {
  return { tier: id, requests_per_minute: requestsPerMinute, next_tier: next?.id ?? null }
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
