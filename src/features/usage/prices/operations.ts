// The operations on prices.
import type { PriceBook } from '../../../gate/money/prices/price-book.ts'
import type { Operation } from '../../../gate/operation.ts'
import { getPrice, getTenantPrice } from './get-price.ts'
import { listPrices, listTenantPrices } from './list-prices.ts'
import { setPrice, setTenantPrice } from './set-price.ts'
import { withdrawPrice, withdrawTenantPrice } from './withdraw-price.ts'

export interface PricesDeps {
  readonly book: Pick<PriceBook, 'priceIn' | 'forget' | 'file'>
}

export function operations(deps: PricesDeps): Operation[] {
  return [
    listPrices(deps),
    getPrice(deps),
    setPrice(deps),
    withdrawPrice(deps),
    listTenantPrices(deps),
    getTenantPrice(deps),
    setTenantPrice(deps),
    withdrawTenantPrice(deps),
  ]
}
