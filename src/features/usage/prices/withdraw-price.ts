// withdraw_price and withdraw_tenant_price: a price that was set no longer holds, and the sources after it are asked.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import type { Statement, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { changedOutput, changePrice, changeTenantPrice, type ChangePriceDeps } from './change-price.ts'
import { modelField } from './price-shape.ts'

const input = z.strictObject({ model: modelField })

export function withdrawPrice(deps: ChangePriceDeps) {
  return defineOperation({
    name: 'withdraw_price',
    title: 'Withdraw a price',
    description: 'Ends what an operator has set for a model; file, published list and seed are asked again.',
    realm: 'deployment',
    access: 'write',
    input,
    output: changedOutput,
    run: ({ model }, call) =>
      changePrice(deps, call, { model, perMillion: undefined }, mustBeSet(newestOf(model), model)),
  })
}

export function withdrawTenantPrice(deps: ChangePriceDeps) {
  return defineOperation({
    name: 'withdraw_tenant_price',
    title: 'Withdraw a price of the tenant',
    description:
      'Ends what was set for a model in this tenant alone; what holds for every tenant holds again.',
    realm: 'tenant',
    access: 'write',
    scope: 'budgets:grant',
    tool: false,
    uncounted: true,
    input,
    output: changedOutput,
    run: ({ model }, call) =>
      changeTenantPrice(
        deps,
        call,
        { model, perMillion: undefined },
        mustBeSet(newestIn(call.principal.tenantId, model), model),
      ),
  })
}

type Newest = Statement<{ is_withdrawn: boolean }>

function newestOf(model: string): Newest {
  return sql`select is_withdrawn from app.price where origin = 'operator' and model = ${model}
    order by created_at desc, id desc limit 1`
}

function newestIn(tenantId: string, model: string): Newest {
  return sql`select is_withdrawn from app.tenant_price where tenant_id = ${tenantId} and model = ${model}
    order by created_at desc, id desc limit 1`
}

function mustBeSet(newest: Newest, model: string): (tx: Writer) => Promise<void> {
  return async tx => {
    if ((await tx.first(newest))?.is_withdrawn === false) return
    throw fault('not_found', {
      reason: 'price_not_set',
      say: `Nobody has set a price for ${JSON.stringify(model)} here: \`gatehouse price show\` says where its price is from.`,
    })
  }
}
