// What a model costs a tenant, from the first source that knows: the tenant's own price, what operators set, the
// project's file, the published lists, what a new deployment begins with. A model that none of them knows has no price:
// calling it is refused, never free. docs/PRICES.md says the same for people.
import type { Database, Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { fault, type Fault } from '../../../platform/faults.ts'
import type { PriceOf } from '../spend.ts'
import { COMPONENTS, type PerMillion, type Price } from '../usage.ts'
import { LIST_VERSION, listedPrice, PUBLISHERS, type Publisher } from './listed-prices.ts'
import { isModelName, modelName } from './model-name.ts'
import type { PriceFile } from './price-file.ts'
import { rememberedFor } from './remembered-for.ts'
import { withFallbacks } from './with-fallbacks.ts'

export interface PriceBook {
  /** Remembers for a second what it found. Throws `unsupported` (`price_unknown`). */
  readonly priceOf: PriceOf
  /** The same, or undefined, as the transaction sees it. `tenantId` null: for a tenant without prices of its own. */
  priceIn(tx: Reader, tenantId: string | null, model: string): Promise<Price | undefined>
  /** After a price has changed: this process asks again. */
  forget(): void
  readonly file: PriceFile | undefined
}

export interface PriceBookDeps {
  readonly database: Pick<Database, 'readAs'>
  readonly file?: PriceFile | undefined
  /** Whose published prices hold, because their models are asked at their own address. */
  readonly publishers?: ReadonlySet<Publisher>
  readonly clock?: () => number
}

interface PriceRow {
  readonly source: 'tenant' | 'operator' | 'seed'
  readonly id: string
  readonly per_million: StoredPrice
}

/** Nano-USD for a million units: whole numbers below 2^53. */
export type StoredPrice = Readonly<Record<string, number>>

const priceOfModel = sqlFile<{ tenant_id: string | null; model: string; bare: string }, PriceRow>(
  import.meta.url,
  'price-of-model.sql',
)

/** Two processes hear of a new price within two seconds of each other. */
const REMEMBERED_MS = 1_000
/** Run by the operator itself: what they cost is electricity, unless somebody sets a price. */
const OWN_SERVERS: readonly string[] = ['ollama', 'tei']
const FREE: PerMillion = Object.fromEntries(COMPONENTS.map(component => [component, 0n]))

export function priceBook({ database, file, publishers = new Set(), clock }: PriceBookDeps): PriceBook {
  const isForeign = (provider: string): boolean =>
    PUBLISHERS.some(publisher => publisher === provider && !publishers.has(publisher))

  const priceIn: PriceBook['priceIn'] = async (tx, tenantId, model) => {
    if (!isModelName(model)) return undefined
    const { provider, bare } = modelName(model)
    const rows = await tx.all(priceOfModel({ tenant_id: tenantId, model, bare }))
    const from = (source: PriceRow['source']): Price | undefined => {
      const row = rows.find(one => one.source === source)
      return row === undefined ? undefined : priced(model, `${source}:${row.id}`, asNano(row.per_million))
    }
    return (
      from('tenant') ??
      from('operator') ??
      inFile(model, bare) ??
      (await inList(model, provider, bare)) ??
      // Somebody's own server may call its model "gpt-4"; the seeded price is of OpenAI's.
      (isForeign(provider) ? undefined : from('seed')) ??
      (OWN_SERVERS.includes(provider) ? priced(model, `free:${provider}`, FREE) : undefined)
    )
  }
  const inFile = (model: string, bare: string): Price | undefined => {
    const found = file?.prices.get(model) ?? file?.prices.get(bare)
    return file === undefined || found === undefined ? undefined : priced(model, file.version, found)
  }
  const inList = async (model: string, provider: string, bare: string): Promise<Price | undefined> => {
    const publisher = [...publishers].find(one => one === provider)
    const found = publisher === undefined ? undefined : await listedPrice(publisher, bare)
    return found === undefined ? undefined : priced(model, `genai-prices:${LIST_VERSION}`, found)
  }

  const remembered = rememberedFor<Price | undefined>(REMEMBERED_MS, clock)
  return {
    file,
    priceIn,
    forget: remembered.forget,
    async priceOf(tenantId, model) {
      const scope = { tenantId, subject: 'gatehouse:prices' }
      const price = await remembered.get(`${tenantId} ${model}`, () =>
        database.readAs(scope, tx => priceIn(tx, tenantId, model)),
      )
      if (price === undefined) throw priceUnknown(model)
      return price
    },
  }
}

export function priceUnknown(model: string): Fault {
  return fault('unsupported', {
    reason: 'price_unknown',
    say: `Nobody has said what the model ${JSON.stringify(model)} costs: an operator sets it with \`gatehouse price set\`.`,
  })
}

export function asNano(stored: StoredPrice): PerMillion {
  return Object.fromEntries(Object.entries(stored).map(([component, nano]) => [component, BigInt(nano)]))
}

function priced(model: string, version: string, perMillion: PerMillion): Price {
  return { model, version, perMillion: withFallbacks(perMillion) }
}
