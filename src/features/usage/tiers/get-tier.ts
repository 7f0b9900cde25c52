// get_tier: one tier.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { findTier, tierId, tierShape } from './tier-rows.ts'

export const getTier = defineOperation({
  name: 'get_tier',
  title: 'Show a tier',
  description: 'A tier with its monthly limit, rate, models and number of tenants.',
  realm: 'deployment',
  access: 'read',
  input: z.strictObject({ tier: tierId }),
  output: z.strictObject({ tier: tierShape }),
  run: async ({ tier }, call) => ({ tier: await call.system('manage_money', tx => findTier(tx, tier)) }),
})
