// How often a password may be tried: by an address, by an address for one account, and for one account by everybody.
// The pair is the tight one, so that a stranger who guesses locks out himself and not the account's owner; the account
// alone gives in only to many addresses at once. An e-mail address nobody has is counted like any other.
import { fault, type Fault } from '../../platform/faults.ts'
import { addressKey } from '../limits/address-key.ts'
import type { Limit } from '../limits/gcra.ts'
import type { Limiter } from '../limits/memory-limiter.ts'
import { wholeSeconds } from '../limits/rate-limit-headers.ts'

export interface Attempt {
  /** In its one spelling; undefined for what concerns no account yet (the code of a link). */
  readonly email?: string | undefined
  readonly address: string | undefined
}

export type SignInLimits = Readonly<Record<'address' | 'pair' | 'account', Omit<Limit, 'name'>>>

export const SIGN_IN_LIMITS: SignInLimits = {
  address: { perSecond: 30 / 60, burst: 30 },
  pair: { perSecond: 1 / 30, burst: 10 },
  account: { perSecond: 1 / 3, burst: 100 },
}

/** Resolves when the password may be tried; otherwise throws `rate_limited`, in the same words whatever the reason. */
export type TakeAttempt = (attempt: Attempt) => Promise<void>

export function signInAttempts({
  limiter,
  limits = SIGN_IN_LIMITS,
}: {
  limiter: Limiter
  limits?: SignInLimits
}): TakeAttempt {
  const named = (name: keyof SignInLimits): Limit => ({ name: `sign-in-${name}`, ...limits[name] })
  const [address, pair, account] = [named('address'), named('pair'), named('account')]
  return async function takeAttempt({ email, address: from }) {
    const key = addressKey(from)
    const ofAddress = { limit: address, key }
    const ofAccount =
      email === undefined
        ? []
        : [
            { limit: pair, key: `${key} ${email}` },
            { limit: account, key: email },
          ]
    const { allowed, decisions } = await limiter.takeAll([ofAddress, ...ofAccount])
    if (!allowed) throw tooManyAttempts(Math.max(...decisions.map(({ retryAfterMs }) => retryAfterMs)))
  }
}

function tooManyAttempts(retryAfterMs: number): Fault {
  return fault('rate_limited', {
    reason: 'sign_in_attempts',
    retryAfterMs,
    say: `Too many attempts; try again in ${wholeSeconds(retryAfterMs)} s.`,
  })
}
