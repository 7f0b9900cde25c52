// disable_account and enable_account: whether somebody may sign in at all, in whichever tenant.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { accounts } from '../../gate/sign-in/account-rows.ts'
import type { Sessions } from '../../gate/sign-in/sessions.ts'
import { sql } from '../../platform/db/statements.ts'
import { accountEmail, accountShape, findAccount, shownAccount } from './account-shape.ts'

export function disableAccount({ sessions }: { readonly sessions: Pick<Sessions, 'endAllIn' | 'forget'> }) {
  return defineOperation({
    name: 'disable_account',
    title: 'Disable an account',
    description:
      'Ends the sessions of an account and lets it sign in no more. Tokens and API keys of its users in tenants go on; disable those there.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ email: accountEmail }),
    output: z.strictObject({ account: accountShape }),
    async run({ email }, call) {
      const account = await call.system('manage_people', async tx => {
        const { id } = await findAccount(tx, email)
        call.about(`account:${id}`)
        await tx.run(sql`update app.account set disabled_at = coalesce(disabled_at, now()) where id = ${id}`)
        await tx.run(sql`delete from app.sign_in_link where account_id = ${id}`)
        await sessions.endAllIn(tx, id)
        return findAccount(tx, email)
      })
      sessions.forget(account.id)
      return { account: shownAccount(account) }
    },
  })
}

export const enableAccount = defineOperation({
  name: 'enable_account',
  title: 'Enable an account',
  description: 'Lets a disabled account sign in again, with the password it had.',
  realm: 'deployment',
  access: 'write',
  input: z.strictObject({ email: accountEmail }),
  output: z.strictObject({ account: accountShape }),
  async run({ email }, call) {
    return call.system('manage_people', async tx => {
      const { id } = await findAccount(tx, email)
      call.about(`account:${id}`)
      await tx.run(accounts.updateTable('account').set({ disabled_at: null }).where('id', '=', id))
      return { account: shownAccount(await findAccount(tx, email)) }
    })
  },
})
