// What is left of a good credential after asking how its user and tenant stand: nothing, or its scopes within those of
// the user's role. Asked at every call, after the credential itself was found good, whatever kind it is of.
import type { TenantPrincipal } from '../call.ts'
import { ROLE_SCOPES } from '../roles.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import type { Standing } from './standings.ts'

/**
 * Throws `unauthenticated` with the reason `tenant_inactive`, `user_disabled` or `revoked`. `issuedAt`: of a token, in
 * seconds since 1970; keys and sessions end with their user, so theirs is not asked.
 */
export function applyStanding(
  principal: TenantPrincipal,
  { role, isDisabled, tenantIsActive, tokensFrom }: Standing,
  issuedAt = Number.POSITIVE_INFINITY,
): TenantPrincipal {
  if (!tenantIsActive) throw unauthenticated('tenant_inactive')
  if (isDisabled) throw unauthenticated('user_disabled')
  if (issuedAt < tokensFrom) throw unauthenticated('revoked', 'its user was removed; the id is of a new one')
  // Without a row the credential is taken at its word: an operator, or an issuer that is trusted, has signed it.
  if (role === undefined) return principal
  const allowed: ReadonlySet<string> = new Set(ROLE_SCOPES[role])
  const kept = [...principal.scopes].filter(scope => allowed.has(scope))
  if (kept.length === principal.scopes.size) return principal
  return Object.freeze({ ...principal, scopes: new Set(kept) })
}
