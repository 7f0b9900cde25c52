// list_prices and list_tenant_prices: what is set and what was seeded. Of the published lists, which have hundreds of
// models, get_price tells one.
import { z } from 'zod'
import { asNano, type PriceBook, type StoredPrice } from '../../../gate/money/prices/price-book.ts'
import { defineOperation } from '../../../gate/operation.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { priceShape, shownPrice, type ShownPrice } from './price-shape.ts'

export interface ListPricesDeps {
  readonly book: Pick<PriceBook, 'file'>
}

interface SetRow {
  readonly source: 'tenant' | 'operator' | 'seed'
  readonly id: string
  readonly model: string
  readonly per_million: StoredPrice
}

const setPrices = sqlFile<{ tenant_id: string | null }, SetRow>(import.meta.url, 'set-prices.sql')
const output = z.strictObject({ prices: z.array(priceShape) })

export function listPrices({ book }: ListPricesDeps) {
  return defineOperation({
    name: 'list_prices',
    title: 'List prices',
    description: 'The prices of models that operators or the project file have set, and the seeded ones.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({}),
    output,
    run: (_, call) => call.system('manage_money', async tx => ({ prices: await allPrices(tx, null, book) })),
  })
}

export function listTenantPrices({ book }: ListPricesDeps) {
  return defineOperation({
    name: 'list_tenant_prices',
    title: 'List the prices of the tenant',
    description: 'The prices of models that the tenant has of its own, and those that hold for every tenant.',
    realm: 'tenant',
    access: 'read',
    scope: 'costs:read',
    tool: false,
    uncounted: true,
    input: z.strictObject({}),
    output,
    run: (_, call) => call.read(async tx => ({ prices: await allPrices(tx, call.principal.tenantId, book) })),
  })
}

/** As they were set: a component without a price has none here, whatever stands in for it. */
async function allPrices(
  tx: Reader,
  tenantId: string | null,
  { file }: ListPricesDeps['book'],
): Promise<ShownPrice[]> {
  const rows = await tx.all(setPrices({ tenant_id: tenantId }))
  const set = rows.map(({ source, id, model, per_million }) =>
    shownPrice({ model, version: `${source}:${id}`, perMillion: asNano(per_million) }),
  )
  const filed = [...(file?.prices ?? [])].map(([model, perMillion]) =>
    shownPrice({ model, version: file?.version ?? '', perMillion }),
  )
  return [...set.filter(one => one.source !== 'seed'), ...filed, ...set.filter(one => one.source === 'seed')]
}
