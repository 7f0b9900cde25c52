// get_tier_offer: the tenant's tier, what the next one gives and costs, and who may move the tenant there.
import { z } from 'zod'
import { defineOperation } from '../../../../gate/operation.ts'
import { tierOfferOf, tierOfferShape } from './tier-offer.ts'

export const getTierOffer = defineOperation({
  name: 'get_tier_offer',
  title: 'Show the tier and the next one',
  description:
    'Says what the tenant’s tier allows, what the next tier would, what that one costs a month, and who may move the tenant there.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  uncounted: true,
  scope: 'costs:read',
  input: z.strictObject({}),
  output: tierOfferShape,
  run: (_, call) => {
    const { tenantId, scopes } = call.principal
    return call.read(tx => tierOfferOf(tx, tenantId, scopes.has('budgets:write')))
  },
})
