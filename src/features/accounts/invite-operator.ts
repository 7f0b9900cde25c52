// invite_operator: an account that may administer the deployment. Whoever is to have it chooses a password with a link
// first, also where there was an account: nobody has checked whose e-mail address that account's owner once gave.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { accountByEmail, accounts, addAccount, type AccountRow } from '../../gate/sign-in/account-rows.ts'
import { personName, spelledEmail } from '../../gate/sign-in/email-address.ts'
import { newLink } from '../../gate/sign-in/one-time-links.ts'
import type { Sessions } from '../../gate/sign-in/sessions.ts'
import type { Writer } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { accountEmail, accountShape, findAccount, linkShape, shownAccount } from './account-shape.ts'
import { linkAddress } from './link-address.ts'

const LIFETIME_S = 7 * 86_400

interface InviteOperatorDeps {
  readonly publicUrl: string
  readonly sessions: Pick<Sessions, 'endAllIn' | 'forget'>
}

export function inviteOperator({ publicUrl, sessions }: InviteOperatorDeps) {
  return defineOperation({
    name: 'invite_operator',
    title: 'Invite an operator',
    description:
      'Makes an account an operator of the deployment and gives the link with which its owner chooses a password. An account that was there cannot sign in until then.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ email: accountEmail, name: personName.optional() }),
    output: z.strictObject({ account: accountShape, ...linkShape }),
    async run({ email: given, name }, call) {
      const email = spelledEmail(given)
      const answer = await call.system('manage_people', async tx => {
        const known = await accountByEmail(tx, email)
        const id = known?.id ?? uuidv7()
        call.about(`account:${id}`)
        if (known === undefined)
          await addAccount(tx, { id, email, name: name ?? email, is_operator: true, password_hash: null })
        else await promote(tx, known, sessions)
        const link = await newLink(tx, { purpose: 'reset', accountId: id, lifetimeS: LIFETIME_S })
        return {
          account: shownAccount(await findAccount(tx, email)),
          link: linkAddress(publicUrl, 'reset', link.code),
          expires_at: link.expiresAt.toISOString(),
        }
      })
      sessions.forget(answer.account.id)
      return answer
    },
  })
}

async function promote(tx: Writer, account: AccountRow, sessions: Pick<Sessions, 'endAllIn'>): Promise<void> {
  if (account.disabled_at !== null)
    throw fault('conflict', { say: 'This account is disabled; enable it first.', reason: 'account_disabled' })
  if (account.is_operator && account.password_hash !== null)
    throw fault('conflict', { say: 'This account is an operator already.', reason: 'is_operator' })
  await tx.run(
    accounts
      .updateTable('account')
      .set({ is_operator: true, password_hash: null })
      .where('id', '=', account.id),
  )
  await sessions.endAllIn(tx, account.id)
}
