// Accepting an invitation: whoever holds the link becomes a user of the tenant, with a new account or with the one of
// that e-mail address. Which of the two it is, is not told: an account's password and a new one go into the same field.
import type { AccountRow } from '../../../gate/sign-in/account-rows.ts'
import { accountByEmail, addAccount } from '../../../gate/sign-in/account-rows.ts'
import { requireGood } from '../../../gate/sign-in/choose-password.ts'
import { requireUnchanged, type SignInDeps } from '../../../gate/sign-in/sign-in.ts'
import { recordSignIn } from '../../../gate/sign-in/sign-in-trail.ts'
import { deadLink } from '../../../gate/sign-in/one-time-links.ts'
import type { Database, Writer } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { claimInvitation, openInvitation } from './claim-invitation.ts'
import type { InvitationRow } from './invitation-rows.ts'

export interface Acceptance {
  readonly code: string
  readonly name: string
  readonly password: string
  readonly address: string | undefined
}

export interface AcceptDeps extends Omit<SignInDeps, 'database' | 'log'> {
  readonly database: Pick<Database, 'system' | 'readAs' | 'writeAs'>
}

/** Answers the cookie of a session in the tenant; `before` is the one the browser came with. */
export type AcceptInvitation = (acceptance: Acceptance, before?: string) => Promise<string>

const inviterStands = sqlFile<Record<'tenant_id' | 'invited_by' | 'role', string>, { stands: boolean }>(
  import.meta.url,
  'inviter-stands.sql',
)

export function acceptInvitationWith(deps: AcceptDeps): AcceptInvitation {
  const { database, sessions, takeAttempt } = deps
  return async function acceptInvitation({ code, name, password, address }, before) {
    await takeAttempt({ address })
    const invitation = await openInvitation(database, code)
    const { email } = invitation
    // Also of an account's own password: the rules must not tell whether there is an account.
    requireGood(password, { email, name })
    await takeAttempt({ email, address })
    const known = await database.system('sign_in', tx => readyFor(tx, invitation))
    const guest = await proven(deps, known, { email, name, password })
    const claim = await claimInvitation(database, invitation, name)
    try {
      const cookie = await database.system('sign_in', async tx => {
        await join(tx, deps, guest, invitation)
        return sessions.begin(tx, guest.id, { before, tenantId: invitation.tenant_id })
      })
      sessions.forget(guest.id)
      return cookie
    } catch (error) {
      await claim.undo()
      throw error
    }
  }
}

/** The account of the address, if there is one; throws when whoever invited could not do so any more. */
async function readyFor(tx: Writer, invitation: InvitationRow): Promise<AccountRow | undefined> {
  const { tenant_id, invited_by, role, user_id, email } = invitation
  const inviter = await tx.first(inviterStands({ tenant_id, invited_by, role }))
  if (inviter?.stands !== true) throw deadLink()
  const account = await accountByEmail(tx, email)
  // A user that was removed may have left the account of somebody else behind under this id.
  await tx.run(sql`
    delete from app.account_tenant
    where tenant_of = ${tenant_id} and user_id = ${user_id} and account_id is distinct from ${account?.id ?? null}::uuid`)
  return account
}

/** Somebody with an account, or with the hash for a new one. */
type Guest =
  | { readonly id: string; readonly known: AccountRow }
  | { readonly id: string; readonly email: string; readonly name: string; readonly password_hash: string }

/** One hash is computed either way. */
async function proven(
  { hasher }: Pick<AcceptDeps, 'hasher'>,
  known: AccountRow | undefined,
  { email, name, password }: Record<'email' | 'name' | 'password', string>,
): Promise<Guest> {
  if (known === undefined) return { id: uuidv7(), email, name, password_hash: await hasher.hash(password) }
  const { isRight } = await hasher.verify(password, known.password_hash)
  if (!isRight || known.disabled_at !== null) throw wrongHere()
  return { id: known.id, known }
}

async function join(
  tx: Writer,
  { sessions }: Pick<AcceptDeps, 'sessions'>,
  guest: Guest,
  { tenant_id, user_id, email }: InvitationRow,
): Promise<void> {
  if ('known' in guest) {
    await requireUnchanged(tx, guest.known)
    // From here on the account opens one tenant more: what another tenant's admin had in hand of it ends.
    await sessions.endAllIn(tx, guest.id)
    await tx.run(sql`delete from app.sign_in_link where account_id = ${guest.id}`)
  } else if (!(await addAccount(tx, { ...guest, is_operator: false }))) throw wrongHere()
  await tx.run(sql`
    insert into app.account_tenant (account_id, tenant_of, user_id) values (${guest.id}, ${tenant_id}, ${user_id})
    on conflict (account_id, tenant_of) do update set user_id = excluded.user_id`)
  await recordSignIn(tx, 'accept_invitation', email, `tenant:${tenant_id}`)
}

function wrongHere(): Fault {
  return fault('unauthenticated', {
    reason: 'wrong_password',
    say: 'The invitation cannot be accepted with this password. If you have an account here, use its password.',
  })
}
