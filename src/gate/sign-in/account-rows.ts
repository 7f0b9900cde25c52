// The accounts people sign in with, and the tenants each may act in. An account belongs to the deployment: one person
// may be a user of several tenants. Every `tx` here is a system transaction.
import type { Reader, Writer } from '../../platform/db/database.ts'
import { sql, sqlFile, tables } from '../../platform/db/statements.ts'
import type { UserRole } from '../roles.ts'

export interface Account {
  readonly id: string
  /** In its one spelling. */
  readonly email: string
  readonly name: string
  readonly is_operator: boolean
}

/** `password_hash` is null until its owner has chosen a password. */
export interface AccountRow extends Account {
  readonly password_hash: string | null
  readonly disabled_at: Date | null
  readonly created_at: Date
}

export const accounts = tables<{ account: AccountRow & { password_changed_at: Date | null } }>()

export async function accountByEmail(tx: Reader, email: string): Promise<AccountRow | undefined> {
  return tx.first(accounts.selectFrom('account').selectAll().where('email', '=', email))
}

export async function accountById(tx: Reader, id: string): Promise<AccountRow | undefined> {
  return tx.first(accounts.selectFrom('account').selectAll().where('id', '=', id))
}

/**
 * Holds the account until `tx` ends. Whoever opens something with it, or makes it open more, holds it first: neither
 * may act on what the other has just changed.
 */
export async function holdAccount(tx: Writer, id: string): Promise<void> {
  await tx.run(sql`select from app.account where id = ${id} for no key update`)
}

export interface NewAccount extends Account {
  readonly password_hash: string | null
}

/** Adds an account; false when one has its e-mail address already. */
export async function addAccount(tx: Writer, account: NewAccount): Promise<boolean> {
  const { id, email, name, is_operator, password_hash } = account
  const added = await tx.run(sql`
    insert into app.account (id, email, name, is_operator, password_hash, password_changed_at)
    values (${id}, ${email}, ${name}, ${is_operator}, ${password_hash}, now())
    on conflict (email) do nothing`)
  return added === 1
}

/** One of the tenants an account may act in: active, and not disabled there. */
export interface AccountTenant {
  readonly tenant_id: string
  readonly slug: string
  readonly name: string
  readonly user_id: string
  readonly role: UserRole
}

const tenantsOfAccount = sqlFile<{ account_id: string }, AccountTenant>(
  import.meta.url,
  'account-tenants.sql',
)

export async function accountTenants(tx: Reader, accountId: string): Promise<AccountTenant[]> {
  return tx.all(tenantsOfAccount({ account_id: accountId }))
}

/** Whether anybody may administer the deployment by signing in. */
export async function hasOperator(tx: Reader): Promise<boolean> {
  return (await tx.first(sql`select from app.account where is_operator limit 1`)) !== undefined
}
