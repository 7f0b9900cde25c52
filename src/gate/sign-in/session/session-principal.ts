// As whom a session acts: the user of the tenant it is set to, or an operator of the deployment. Pure.
import type { Principal } from '../../call.ts'
import { ROLE_SCOPES, type UserRole } from '../../roles.ts'
import { applyStanding } from '../../standing/apply-standing.ts'
import { unauthenticated } from '../../tokens/unauthenticated.ts'

/** So begins the `tokenId` of who is signed in: the way to tell a person from a program that bears a credential. */
export const ID_OF_SESSION = 'session:'

/** What the database says of a session that has not ended. */
export interface SessionFacts {
  readonly account_id: string
  readonly email: string
  readonly name: string
  readonly is_operator: boolean
  /** The tenant it acts in; null for none. */
  readonly tenant_of: string | null
  readonly expires_at: Date
  /** Of the account's user in that tenant; null and disabled when it has none there. */
  readonly user_id: string | null
  readonly role: UserRole | null
  readonly is_disabled: boolean
  readonly tenant_is_active: boolean
}

/**
 * The principal, frozen; its scopes are those of the role at this moment. Without a tenant an operator's session acts
 * for the deployment, and anybody else's for nobody: `unauthenticated`, as for a disabled user or an inactive tenant.
 */
export function sessionPrincipal(facts: SessionFacts, digest: Buffer): Principal {
  if (facts.tenant_of === null) {
    if (!facts.is_operator) throw unauthenticated('missing', 'the session acts in no tenant')
    return Object.freeze({ realm: 'deployment', subject: `operator:${facts.email}` })
  }
  const { role, user_id: subject } = facts
  // A session has no say of its own: without a described user there is nothing it could allow.
  if (subject === null || role === null) throw unauthenticated('user_disabled', 'no such user')
  const whole = {
    realm: 'tenant' as const,
    tenantId: facts.tenant_of,
    subject,
    scopes: new Set<string>(ROLE_SCOPES[role]),
    tokenId: `${ID_OF_SESSION}${digest.toString('hex').slice(0, 12)}`,
    expiresAt: Math.floor(facts.expires_at.getTime() / 1000),
  }
  // A session ends with its user: whoever gets the id later is no user of this account.
  const standing = {
    role,
    isDisabled: facts.is_disabled,
    tenantIsActive: facts.tenant_is_active,
    tokensFrom: 0,
  }
  return Object.freeze(applyStanding(whole, standing))
}
