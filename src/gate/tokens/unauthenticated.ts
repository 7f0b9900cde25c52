// Why a caller is not let in, and the one fixed sentence said for each reason. The sentences become RFC 6750
// error descriptions, so they hold neither quotes nor backslashes; none tells which check of a token failed
// beyond what its owner needs to mend it.
import { fault, type Fault } from '../../platform/faults.ts'

export const UNAUTHENTICATED = {
  missing: 'An access token is required.',
  malformed: 'The Authorization header must hold the word Bearer and one access token.',
  expired: 'The access token has expired.',
  not_yet_valid: 'The access token is not valid yet.',
  wrong_audience: 'The access token was issued for another resource.',
  revoked: 'The access token was revoked.',
  user_disabled: 'The user this access token speaks for is disabled.',
  tenant_inactive: 'The tenant of this access token is not active.',
  auth_expired: 'The access token came to its end while the call was under way.',
  invalid: 'The access token is not valid.',
} as const

export type UnauthenticatedReason = keyof typeof UNAUTHENTICATED

/** `detail` and `because` are for the log; they never hold the token. */
export function unauthenticated(reason: UnauthenticatedReason, detail?: string, because?: unknown): Fault {
  const say = UNAUTHENTICATED[reason]
  return fault('unauthenticated', { reason, say, detail: `${reason}: ${detail ?? say}`, because })
}
