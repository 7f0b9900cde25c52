// How users and tenants stand, in memory: asked at every call, read by token-trust once a second. A user without a row
// is one that nobody has described; a removed one keeps its row, as disabled.
import type { Statement } from '../../platform/db/database.ts'
import { tables } from '../../platform/db/statements.ts'
import type { UserRole } from '../roles.ts'
import type { TrustPart } from '../tokens/trust-part.ts'

export interface Standing {
  /** Undefined for a subject without a row: a service, an operator, or a user that nobody has described. */
  readonly role: UserRole | undefined
  readonly isDisabled: boolean
  readonly tenantIsActive: boolean
  /**
   * Tokens that were issued before (seconds since 1970) were somebody else's: a user of this id was removed, and the id
   * was given again. 0 for all others.
   */
  readonly tokensFrom: number
}

/** A row of app.user_standing. */
export interface UserStandingRow {
  readonly tenant_of: string
  readonly user_id: string
  readonly role: UserRole
  readonly is_disabled: boolean
  /** When the id was created again after a removal; null for an id that was given once. */
  readonly again_at: Date | null
  readonly changed_at: Date
}

/** What is asked of app.tenant. */
export interface TenantStatusRow {
  readonly id: string
  readonly status: string
  readonly changed_at: Date
}

/** Loads what has changed since the last reading, all of it the first time. */
export interface Standings extends TrustPart {
  standingOf(tenantId: string, subject: string): Standing
}

/** Rows carry the time their transaction began, and it may commit up to its time limit (30 s) later. */
const OVERLAP_MS = 60_000

type UserStanding = Omit<Standing, 'tenantIsActive'>

const app = tables<{ user_standing: UserStandingRow; tenant: TenantStatusRow }>()

export function standings(): Standings {
  const users = new Map<string, Map<string, UserStanding>>()
  // Suspended or being removed. One that is being made is the database's to judge, like one that is not known yet: it
  // can be used from the moment it is made, and not only when this has heard of it.
  const inactive = new Set<string>()
  const newest = { users: 0, tenants: 0 }

  const addUsers = (rows: readonly UserStandingRow[]): void => {
    for (const { tenant_of, user_id, role, is_disabled, again_at, changed_at } of rows) {
      const known = users.get(tenant_of) ?? new Map<string, UserStanding>()
      // Tokens say their time in whole seconds.
      const tokensFrom = Math.floor((again_at?.getTime() ?? 0) / 1_000)
      users.set(tenant_of, known.set(user_id, { role, isDisabled: is_disabled, tokensFrom }))
      newest.users = Math.max(newest.users, changed_at.getTime())
    }
  }
  const addTenants = (rows: readonly TenantStatusRow[]): void => {
    for (const { id, status, changed_at } of rows) {
      if (status === 'suspended' || status === 'removing') inactive.add(id)
      else inactive.delete(id)
      if (status === 'removing') users.delete(id)
      newest.tenants = Math.max(newest.tenants, changed_at.getTime())
    }
  }

  return {
    standingOf(tenantId, subject) {
      const user = users.get(tenantId)?.get(subject)
      return {
        role: user?.role,
        isDisabled: user?.isDisabled === true,
        tokensFrom: user?.tokensFrom ?? 0,
        tenantIsActive: !inactive.has(tenantId),
      }
    },
    async load(tx) {
      const [changedUsers, changedTenants] = await Promise.all([
        tx.all(usersSince(newest.users)),
        tx.all(tenantsSince(newest.tenants)),
      ])
      addUsers(changedUsers)
      addTenants(changedTenants)
      return []
    },
  }
}

function usersSince(newest: number): Statement<UserStandingRow> {
  return app
    .selectFrom('user_standing')
    .select(['tenant_of', 'user_id', 'role', 'is_disabled', 'again_at', 'changed_at'])
    .where('changed_at', '>', since(newest))
}

function tenantsSince(newest: number): Statement<TenantStatusRow> {
  return app
    .selectFrom('tenant')
    .select(['id', 'status', 'changed_at'])
    .where('changed_at', '>', since(newest))
}

function since(newest: number): Date {
  return new Date(Math.max(0, newest - OVERLAP_MS))
}
