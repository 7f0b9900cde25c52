// list_accounts: who can sign in to this deployment.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { accounts } from '../../gate/sign-in/account-rows.ts'
import { accountShape, shownAccount } from './account-shape.ts'

export const listAccounts = defineOperation({
  name: 'list_accounts',
  title: 'List accounts',
  description: 'The accounts people sign in with, in the order of their e-mail addresses.',
  realm: 'deployment',
  access: 'read',
  input: z.strictObject({
    after: z
      .string()
      .max(254)
      .optional()
      .describe('Only accounts after this address: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    accounts: z.array(accountShape),
    next: z.string().nullable().describe('What to give as `after` for the next page; null on the last.'),
  }),
  async run({ after = '', limit }, call) {
    const page = accounts.selectFrom('account').selectAll().where('email', '>', after).orderBy('email')
    const rows = await call.system('manage_people', tx => tx.all(page.limit(limit + 1)))
    const shown = rows.slice(0, limit).map(shownAccount)
    return { accounts: shown, next: rows.length > limit ? (shown.at(-1)?.email ?? null) : null }
  },
})
