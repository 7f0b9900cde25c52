// A new password, by somebody who knows the old one or holds a link. Either way every other session of the account ends:
// whoever had the old password is out.
import { fault } from '../../platform/faults.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import { accountById, accounts } from './account-rows.ts'
import { deadLink, useLink } from './one-time-links.ts'
import { passwordProblem, type PasswordOwner } from './password-rules.ts'
import { passwordProof, requireUnchanged, type SignInDeps } from './sign-in.ts'
import { recordSignIn } from './sign-in-trail.ts'

export interface PasswordChange {
  readonly current: string
  readonly next: string
  readonly address: string | undefined
}

export interface Reset {
  readonly code: string
  readonly password: string
  readonly address: string | undefined
}

export interface ChoosePassword {
  /** Changes the password of a session's account; the session goes on, all others end. */
  change(cookie: string, change: PasswordChange): Promise<void>
  /** Uses a reset link and answers the cookie of a new session. */
  reset(reset: Reset, before?: string): Promise<string>
}

export function choosePassword(deps: SignInDeps): ChoosePassword {
  const { database, hasher, takeAttempt, sessions } = deps
  const prove = passwordProof(deps)
  return {
    async change(cookie, { current, next, address }) {
      const session = await sessions.look(cookie)
      if (session === undefined) throw unauthenticated('expired', 'no such session')
      requireGood(next, session.account)
      const { account } = await prove({ email: session.account.email, password: current, address })
      const password_hash = await hasher.hash(next)
      await database.system('sign_in', async tx => {
        await requireUnchanged(tx, account)
        await tx.run(
          accounts
            .updateTable('account')
            .set({ password_hash, password_changed_at: new Date() })
            .where('id', '=', account.id),
        )
        await sessions.endAllIn(tx, account.id, cookie)
        await recordSignIn(tx, 'change_password', account.email)
      })
      sessions.forget(account.id)
    },
    async reset({ code, password, address }, before) {
      await takeAttempt({ address })
      requireGood(password, { email: '', name: '' })
      const password_hash = await hasher.hash(password)
      const { cookie, accountId } = await database.system('sign_in', async tx => {
        const { accountId: id } = await useLink(tx, 'reset', code)
        const account = await accountById(tx, id ?? '')
        if (account === undefined || account.disabled_at !== null) throw deadLink()
        // Throwing takes the use of the link back, so that another password can be tried with it.
        requireGood(password, account)
        await tx.run(
          accounts
            .updateTable('account')
            .set({ password_hash, password_changed_at: new Date() })
            .where('id', '=', account.id),
        )
        await sessions.endAllIn(tx, account.id)
        await recordSignIn(tx, 'reset_password', account.email)
        return { cookie: await sessions.begin(tx, account.id, { before }), accountId: account.id }
      })
      sessions.forget(accountId)
      return cookie
    },
  }
}

/** Throws `invalid_input` about the field `password`. */
export function requireGood(password: string, owner: PasswordOwner): void {
  const problem = passwordProblem(password, owner)
  if (problem === undefined) return
  throw fault('invalid_input', {
    reason: 'weak_password',
    say: problem,
    issues: [{ field: 'password', message: problem }],
  })
}
