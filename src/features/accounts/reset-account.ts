// reset_account: a link with which the owner of an account chooses a new password. The old one works until then.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { newLink } from '../../gate/sign-in/one-time-links.ts'
import { fault } from '../../platform/faults.ts'
import { accountEmail, findAccount, linkShape } from './account-shape.ts'
import { linkAddress } from './link-address.ts'

export const RESET_LIFETIME_S = 86_400

export function resetAccount({ publicUrl }: { readonly publicUrl: string }) {
  return defineOperation({
    name: 'reset_account',
    title: 'Reset a password',
    description:
      'Makes a link, good for a day and for one use, with which the owner of an account chooses a password.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({ email: accountEmail }),
    output: z.strictObject({ email: z.string(), ...linkShape }),
    async run({ email }, call) {
      return call.system('manage_people', async tx => {
        const account = await findAccount(tx, email)
        call.about(`account:${account.id}`)
        if (account.disabled_at !== null)
          throw fault('conflict', {
            say: 'This account is disabled; enable it first.',
            reason: 'account_disabled',
          })
        const made = await newLink(tx, {
          purpose: 'reset',
          accountId: account.id,
          lifetimeS: RESET_LIFETIME_S,
        })
        return {
          email: account.email,
          link: linkAddress(publicUrl, 'reset', made.code),
          expires_at: made.expiresAt.toISOString(),
        }
      })
    },
  })
}
