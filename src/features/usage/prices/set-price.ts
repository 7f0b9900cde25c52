// set_price and set_tenant_price: what a model costs from now on. Calls under way keep the price they were admitted at.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { changedOutput, changePrice, changeTenantPrice, type ChangePriceDeps } from './change-price.ts'
import { modelField, perMillionField, storedPrice } from './price-shape.ts'

const input = z.strictObject({ model: modelField, per_million_nano: perMillionField })

export function setPrice(deps: ChangePriceDeps) {
  return defineOperation({
    name: 'set_price',
    title: 'Set a price',
    description:
      'What a model costs every tenant that has no price of its own for it, from its next call on.',
    realm: 'deployment',
    access: 'write',
    input,
    output: changedOutput,
    run: ({ model, per_million_nano }, call) =>
      changePrice(deps, call, { model, perMillion: storedPrice(per_million_nano) }),
  })
}

export function setTenantPrice(deps: ChangePriceDeps) {
  return defineOperation({
    name: 'set_tenant_price',
    title: 'Set a price of the tenant',
    description: 'What a model costs this tenant, from its next call on, whatever it costs others.',
    realm: 'tenant',
    access: 'write',
    scope: 'budgets:grant',
    tool: false,
    uncounted: true,
    input,
    output: changedOutput,
    run: ({ model, per_million_nano }, call) =>
      changeTenantPrice(deps, call, { model, perMillion: storedPrice(per_million_nano) }),
  })
}
