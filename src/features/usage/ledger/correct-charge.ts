// correct_charge: a correction of a charge, as a row of its own. It counts in the budgets that the charge counted in.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { orderBudgetRaised } from '../../../gate/money/budget-raised.ts'
import { dollars } from '../../../gate/money/money-text.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { isWithinBounds } from '../budgets/budget-fields.ts'

const Correction = z
  .string()
  .regex(/^-?[1-9]\d{0,18}$/, 'must be whole nano-USD other than nothing, like "-10000000" for -$0.01')
  .refine(isWithinBounds, 'must be within 9000000000000000000 ($9,000,000,000)')

export const correctCharge = defineOperation({
  name: 'correct_charge',
  title: 'Correct a charge',
  description:
    'Adds a correction to a charge of the ledger, which itself never changes. Together they are never less than nothing.',
  realm: 'tenant',
  access: 'write',
  tool: false,
  uncounted: true,
  scope: 'budgets:grant',
  input: z.strictObject({
    charge_id: z.guid('must be the id of a charge, as the export of the ledger has it'),
    by_nano: Correction.describe('Nano-USD; "-10000000" gives $0.01 back.'),
    note: z.string().trim().min(1).max(500).describe('Why, for the ledger.'),
  }),
  output: z.strictObject({
    id: z.string().describe('Of the correction.'),
    charge_id: z.string(),
    by_nano: z.string(),
    cost_nano: z.string().describe('What the charge comes to with all its corrections.'),
  }),
  async run({ charge_id, by_nano, note }, call) {
    const { tenantId } = call.principal
    const amount = BigInt(by_nano)
    call.about(`charge:${charge_id.toLowerCase()} by:${by_nano}`)
    return call.write(async tx => {
      // Of two corrections at once the second waits for the first's sum. The database refuses what falls below nothing too.
      await tx.first(sql`select pg_advisory_xact_lock(hashtextextended(${`charge ${tenantId}`}, 0))`)
      const charged = await tx.first(sql<{ nano: string }>`
        select sum(o.cost_nano) as nano from app.ledger c
          join app.ledger o on o.tenant_id = c.tenant_id and o.hold_id = c.hold_id
        where c.tenant_id = ${tenantId} and c.id = ${charge_id} and c.kind = 'charge' having count(*) > 0`)
      if (charged === undefined)
        throw fault('not_found', { reason: 'no_charge', say: `There is no charge ${charge_id}.` })
      const after = BigInt(charged.nano) + amount
      if (after < 0n)
        throw fault('invalid_input', {
          reason: 'more_than_charged',
          say: `The charge comes to ${dollars(BigInt(charged.nano))}: no more than that can be given back.`,
        })
      const id = uuidv7()
      await tx.run(sql`select app.correct_charge(${id}, ${charge_id}, ${amount}, ${note})`)
      if (amount < 0n) await orderBudgetRaised(tx, tenantId)
      return { id, charge_id, by_nano, cost_nano: String(after) }
    })
  },
})
