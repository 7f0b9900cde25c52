// Which model answers searches. What this hands out is one object: the query's vector and the table it is compared with
// are of the same model, also while another takes its place.
import type { Database } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import type { Embedder } from '../../platform/models/embedder.ts'

export interface ServingModel {
  readonly number: number
  readonly name: string
  readonly dimension: number
  readonly embedder: Embedder
}

/** A model that is older than this is asked for anew, by the search after the next. */
const FRESH_MS = 1_000
/** Older than this it is not used: the tables of a retired model stay for a minute. */
const USABLE_MS = 10_000

export interface ServingModelDeps {
  readonly database: Database
  readonly open: (model: Embedder['model']) => Embedder
}

/** Searches wait for the database once; from then on it is asked beside them, once a second while there are any. */
export function servingModel({ database, open }: ServingModelDeps): () => Promise<ServingModel> {
  let known: { readonly model: ServingModel; readonly readAt: number } | undefined
  let reading: Promise<ServingModel> | undefined
  const read = async (): Promise<ServingModel> => {
    const readAt = performance.now()
    const row = await database.system('read_models', tx =>
      tx.first(sql<Embedder['model']>`
        select number, name, dimension from app.embedding_model where state = 'serving'`),
    )
    if (row === undefined) throw fault('internal', { detail: 'no embedding model is serving' })
    const isSame = known !== undefined && known.model.number === row.number
    const model = isSame && known !== undefined ? known.model : { ...row, embedder: open(row) }
    known = { model, readAt }
    return model
  }
  const refresh = (): Promise<ServingModel> => {
    reading ??= read().finally(() => (reading = undefined))
    return reading
  }
  return async () => {
    const age = known === undefined ? Number.POSITIVE_INFINITY : performance.now() - known.readAt
    if (known === undefined || age > USABLE_MS) return refresh()
    if (age > FRESH_MS) refresh().catch(() => undefined)
    return known.model
  }
}
