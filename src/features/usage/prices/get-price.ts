// get_price and get_tenant_price: which price a model has, and where it is from.
import { z } from 'zod'
import { priceUnknown, type PriceBook } from '../../../gate/money/prices/price-book.ts'
import { defineOperation } from '../../../gate/operation.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { modelField, priceShape, shownPrice, type ShownPrice } from './price-shape.ts'

export interface GetPriceDeps {
  readonly book: Pick<PriceBook, 'priceIn'>
}

const input = z.strictObject({ model: modelField })
const output = z.strictObject({ price: priceShape })

export function getPrice({ book }: GetPriceDeps) {
  return defineOperation({
    name: 'get_price',
    title: 'Show a price',
    description: 'What a model costs a tenant that has no price of its own for it, and which source says so.',
    realm: 'deployment',
    access: 'read',
    input,
    output,
    run: ({ model }, call) =>
      call.system('manage_money', async tx => ({
        price: await priceNow(tx, { book, tenantId: null, model }),
      })),
  })
}

export function getTenantPrice({ book }: GetPriceDeps) {
  return defineOperation({
    name: 'get_tenant_price',
    title: 'Show a price of the tenant',
    description: 'What a model costs the tenant, and which source says so.',
    realm: 'tenant',
    access: 'read',
    scope: 'costs:read',
    tool: false,
    uncounted: true,
    input,
    output,
    run: ({ model }, call) =>
      call.read(async tx => ({
        price: await priceNow(tx, { book, tenantId: call.principal.tenantId, model }),
      })),
  })
}

interface Asked extends GetPriceDeps {
  readonly tenantId: string | null
  readonly model: string
}

async function priceNow(tx: Reader, { book, tenantId, model }: Asked): Promise<ShownPrice> {
  const price = await book.priceIn(tx, tenantId, model)
  if (price === undefined) throw priceUnknown(model)
  return shownPrice(price)
}
