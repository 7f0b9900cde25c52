// list_tiers: what tenants can be given, the smallest limit first.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { allTiers, tierShape } from './tier-rows.ts'

export const listTiers = defineOperation({
  name: 'list_tiers',
  title: 'List tiers',
  description: 'All tiers with their monthly limit, rate, models and number of tenants.',
  realm: 'deployment',
  access: 'read',
  input: z.strictObject({}),
  output: z.strictObject({ tiers: z.array(tierShape) }),
  run: async (_, call) => ({ tiers: await call.system('manage_money', allTiers) }),
})
