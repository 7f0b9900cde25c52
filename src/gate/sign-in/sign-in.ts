// Signing in with e-mail and password. Whether the address is known, the account disabled or the password wrong, the
// answer is the same words after the same work.
import type { Database, Writer } from '../../platform/db/database.ts'
import { fault, type Fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { accountByEmail, accounts, holdAccount, type AccountRow } from './account-rows.ts'
import { spelledEmail } from './email-address.ts'
import type { PasswordHasher } from './password-hash.ts'
import type { Sessions } from './sessions.ts'
import type { TakeAttempt } from './sign-in-attempt.ts'
import { recordSignIn } from './sign-in-trail.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
  /** Where the request comes from. */
  readonly address: string | undefined
}

export interface SignInDeps {
  readonly database: Pick<Database, 'system'>
  readonly hasher: PasswordHasher
  readonly takeAttempt: TakeAttempt
  readonly sessions: Sessions
  readonly log: Pick<Logger, 'info'>
}

/** An account whose password was right, and the hash to keep of it from now on. */
export interface Proven {
  readonly account: AccountRow
  readonly newHash: string | undefined
}

/** Answers the new cookie; `before` is the one the browser came with. */
export type SignIn = (credentials: Credentials, before?: string) => Promise<string>

export function signInWith(deps: SignInDeps): SignIn {
  const prove = passwordProof(deps)
  return async function signIn(credentials, before) {
    const { account, newHash } = await prove(credentials)
    return deps.database.system('sign_in', async tx => {
      await requireUnchanged(tx, account)
      if (newHash !== undefined)
        await tx.run(
          accounts.updateTable('account').set({ password_hash: newHash }).where('id', '=', account.id),
        )
      await recordSignIn(tx, 'sign_in', account.email)
      return deps.sessions.begin(tx, account.id, { before })
    })
  }
}

/** The account of a right password; throws `unauthenticated` for a wrong one, `rate_limited` for one too many. */
export function passwordProof({ database, hasher, takeAttempt, log }: Omit<SignInDeps, 'sessions'>) {
  return async function prove({ email: given, password, address }: Credentials): Promise<Proven> {
    const email = spelledEmail(given)
    await takeAttempt({ email, address })
    const account = await database.system('sign_in', tx => accountByEmail(tx, email))
    const { isRight, isOutdated } = await hasher.verify(password, account?.password_hash ?? null)
    if (!isRight || account === undefined || account.disabled_at !== null) {
      log.info({ reason: 'wrong_password' }, 'a sign-in was refused')
      throw wrongPassword()
    }
    return { account, newHash: isOutdated ? await hasher.hash(password) : undefined }
  }
}

/** Between the proof and what it is for, the account may have been disabled or got another password. It is held. */
export async function requireUnchanged(tx: Writer, proven: AccountRow): Promise<void> {
  await holdAccount(tx, proven.id)
  const now = await accountByEmail(tx, proven.email)
  if (now?.password_hash !== proven.password_hash || now.disabled_at !== null) throw wrongPassword()
}

export function wrongPassword(): Fault {
  return fault('unauthenticated', { reason: 'wrong_password', say: 'E-mail or password is wrong.' })
}
