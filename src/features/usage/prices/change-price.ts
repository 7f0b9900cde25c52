// What setting and withdrawing a price have in common: a new row that stands for the model from now on, and an answer
// with the price that then holds. A row is never changed: bills name it.
import { z } from 'zod'
import type { SystemCall, WriteCall } from '../../../gate/call.ts'
import { orderBudgetRaised } from '../../../gate/money/budget-raised.ts'
import type { PriceBook } from '../../../gate/money/prices/price-book.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { priceShape, shownPrice, type ShownPrice } from './price-shape.ts'

export interface ChangePriceDeps {
  readonly book: Pick<PriceBook, 'priceIn' | 'forget'>
}

export interface NewWord {
  readonly model: string
  /** JSON, nano-USD for a million units; undefined: what was said before is withdrawn. */
  readonly perMillion: string | undefined
}

export const changedOutput = z.strictObject({
  price: priceShape.nullable().describe('The price that holds now; null: the model cannot be used.'),
})

/** For all tenants. `check` runs first, in the same transaction. */
export async function changePrice(
  { book }: ChangePriceDeps,
  call: SystemCall,
  { model, perMillion }: NewWord,
  check: (tx: Writer) => Promise<void> = async () => undefined,
): Promise<{ price: ShownPrice | null }> {
  call.about(`price:${model}`)
  try {
    return await call.system('manage_money', async tx => {
      await check(tx)
      await tx.run(sql`
        insert into app.price (id, model, per_million, origin, is_withdrawn, created_by) values
          (${uuidv7()}, ${model}, ${perMillion ?? '{}'}, 'operator', ${perMillion === undefined}, ${call.principal.subject})`)
      for (const { id } of await tx.all(
        sql<{ id: string }>`select id from app.tenant where status = 'active'`,
      ))
        await orderBudgetRaised(tx, id)
      return { price: shown(await book.priceIn(tx, null, model)) }
    })
  } finally {
    book.forget()
  }
}

/** For the caller's tenant alone. */
export async function changeTenantPrice(
  { book }: ChangePriceDeps,
  call: WriteCall,
  { model, perMillion }: NewWord,
  check: (tx: Writer) => Promise<void> = async () => undefined,
): Promise<{ price: ShownPrice | null }> {
  const { tenantId, subject } = call.principal
  call.about(`price:${model}`)
  try {
    return await call.write(async tx => {
      await check(tx)
      await tx.run(sql`
        insert into app.tenant_price (tenant_id, id, model, per_million, is_withdrawn, created_by) values
          (${tenantId}, ${uuidv7()}, ${model}, ${perMillion ?? '{}'}, ${perMillion === undefined}, ${subject})`)
      await orderBudgetRaised(tx, tenantId)
      return { price: shown(await book.priceIn(tx, tenantId, model)) }
    })
  } finally {
    book.forget()
  }
}

function shown(price: Parameters<typeof shownPrice>[0] | undefined): ShownPrice | null {
  return price === undefined ? null : shownPrice(price)
}
