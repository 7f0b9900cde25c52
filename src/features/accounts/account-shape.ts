// Accounts as operators see them. Never the hash of a password; whether there is one, yes.
import { z } from 'zod'
import { accountByEmail, type AccountRow } from '../../gate/sign-in/account-rows.ts'
import { emailAddress, spelledEmail } from '../../gate/sign-in/email-address.ts'
import type { Reader } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'

export const accountShape = z.strictObject({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  is_operator: z.boolean(),
  status: z.enum(['active', 'disabled', 'invited']).describe('invited: no password was chosen yet.'),
  created_at: z.iso.datetime(),
})

export type ShownAccount = z.output<typeof accountShape>

/** Names the account an operation is about. */
export const accountEmail = emailAddress.describe('The e-mail address the account signs in with.')

export const linkShape = {
  link: z.string().describe('Works once. It is shown here and never again.'),
  expires_at: z.iso.datetime(),
}

export function shownAccount({ id, email, name, is_operator, ...row }: AccountRow): ShownAccount {
  const pending = row.password_hash === null ? 'invited' : 'active'
  const status = row.disabled_at === null ? pending : 'disabled'
  return { id, email, name, is_operator, status, created_at: row.created_at.toISOString() }
}

/** The account of that address; `not_found` when there is none. `tx` is a system transaction. */
export async function findAccount(tx: Reader, email: string): Promise<AccountRow> {
  const account = await accountByEmail(tx, spelledEmail(email))
  if (account === undefined)
    throw fault('not_found', { say: `There is no account "${email}".`, reason: 'unknown_account' })
  return account
}
