// What its owner is shown of a session: who it is, where it acts and what it may do there now, and why it cannot. Pure.
import { asFault } from '../../../platform/faults.ts'
import { VERSION } from '../../../platform/version.ts'
import type { UserRole } from '../../roles.ts'
import type { Account, AccountTenant } from '../account-rows.ts'
import { sessionPrincipal, type SessionFacts } from './session-principal.ts'

/** The tenant it acts in; the scopes are those of the role at this moment. */
export interface CurrentTenant {
  readonly tenant_id: string
  readonly user: string
  readonly role: UserRole
  readonly scopes: readonly string[]
}

/** It is set to a tenant in which it may do nothing: the tenant rests, or its user is disabled or no user any more. */
export interface Barred {
  readonly tenant_id: string
  /** Absent for somebody who is no user of it any more. */
  readonly name?: string
  readonly reason: 'tenant_inactive' | 'user_disabled'
}

export interface SessionView {
  readonly account: Account
  /** In which it can act: the page lets its owner choose. */
  readonly tenants: readonly AccountTenant[]
  /** The tenant it acts in, or the deployment, or nothing. */
  readonly current: CurrentTenant | { readonly deployment: true } | null
  readonly barred: Barred | null
  /** When it ends however it is used; and before, when nothing was asked for `idle_seconds`. */
  readonly expires_at: string
  readonly idle_seconds: number
  /** Of the server. */
  readonly version: string
}

export interface Viewed {
  readonly digest: Buffer
  readonly tenants: readonly AccountTenant[]
  readonly idleSeconds: number
}

export function sessionView(
  facts: SessionFacts & { readonly tenant_name: string | null },
  { digest, tenants, idleSeconds }: Viewed,
): SessionView {
  const { account_id: id, email, name, is_operator, expires_at } = facts
  return {
    account: { id, email, name, is_operator },
    tenants,
    ...whereOf(facts, digest),
    expires_at: expires_at.toISOString(),
    idle_seconds: idleSeconds,
    version: VERSION,
  }
}

function whereOf(
  facts: SessionFacts & { readonly tenant_name: string | null },
  digest: Buffer,
): Pick<SessionView, 'current' | 'barred'> {
  const { tenant_of: tenantId, is_operator, user_id, role, tenant_name } = facts
  if (tenantId === null) return { current: is_operator ? { deployment: true } : null, barred: null }
  try {
    const principal = sessionPrincipal(facts, digest)
    if (principal.realm !== 'tenant' || role === null) return { current: null, barred: null }
    const { subject: user, scopes } = principal
    return { current: { tenant_id: tenantId, user, role, scopes: [...scopes] }, barred: null }
  } catch (error) {
    const isTold = user_id !== null && tenant_name !== null
    const reason = asFault(error).reason === 'tenant_inactive' ? 'tenant_inactive' : 'user_disabled'
    return {
      current: null,
      barred: { tenant_id: tenantId, ...(isTold ? { name: tenant_name } : {}), reason },
    }
  }
}
