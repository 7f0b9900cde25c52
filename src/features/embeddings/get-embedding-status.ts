// get_embedding_status: which models there are, and how many chunks each still lacks.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { SystemCall } from '../../gate/call.ts'
import type { Reader } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { MAX_ATTEMPTS } from './pending-chunks.ts'

export interface EmbeddingStatusDeps {
  /** Reads as a tenant: the deployment itself sees no tenant's rows. */
  readonly readTenant: <T>(tenantId: string, fn: (tx: Reader) => Promise<T>) => Promise<T>
}

interface Counted {
  readonly model: number
  readonly pending: number
  readonly failed: number
  readonly is_unpaid: boolean
  readonly is_priceless: boolean
}

export function getEmbeddingStatus({ readTenant }: EmbeddingStatusDeps) {
  return defineOperation({
    name: 'get_embedding_status',
    title: 'Show the embedding models',
    description: 'Lists the embedding models with the chunks that each has still to embed, over all tenants.',
    realm: 'deployment',
    access: 'read',
    input: z.strictObject({}),
    output: z.strictObject({
      models: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          dimension: z.int(),
          state: z.enum(['filling', 'serving', 'retired']),
          tenants_pending: z.int().describe('Tenants with chunks that wait.'),
          pending: z.int().describe('Chunks that wait.'),
          tenants_out_of_budget: z
            .int()
            .describe('Tenants whose chunks wait because their budget has no room for them.'),
          tenants_without_price: z
            .int()
            .describe('Tenants whose chunks wait because nobody has said what the model costs them.'),
          failed: z.int().describe('Chunks given up on; retry_embeddings tries them again.'),
        }),
      ),
    }),
    async run(_, call) {
      const models = await call.system('read_models', tx => tx.all(listModels()))
      const counted: Counted[] = []
      for (const id of await activeTenants(call))
        counted.push(...(await readTenant(id, tx => countOf(tx, id))))
      return {
        models: models.map(({ number, ...model }) => {
          const own = counted.filter(count => count.model === number)
          return {
            id: String(number),
            ...model,
            tenants_pending: own.filter(({ pending }) => pending > 0).length,
            pending: own.reduce((sum, { pending }) => sum + pending, 0),
            tenants_out_of_budget: own.filter(count => count.is_unpaid).length,
            tenants_without_price: own.filter(count => count.is_priceless).length,
            failed: own.reduce((sum, { failed }) => sum + failed, 0),
          }
        }),
      }
    },
  })
}

export async function activeTenants(call: SystemCall): Promise<string[]> {
  const tenants = await call.system('manage_tenants', tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant where status = 'active' order by id`),
  )
  return tenants.map(({ id }) => id)
}

function listModels() {
  return sql<{ number: number; name: string; dimension: number; state: 'filling' | 'serving' | 'retired' }>`
    select number, name, dimension, state from app.embedding_model order by number`
}

function countOf(tx: Reader, tenantId: string): Promise<Counted[]> {
  return tx.all(sql<Counted>`
    select model_number as model, count(*) filter (where attempts < ${MAX_ATTEMPTS})::int as pending,
      count(*) filter (where attempts >= ${MAX_ATTEMPTS})::int as failed,
      bool_or(attempts < ${MAX_ATTEMPTS} and reason is not distinct from 'budget_exceeded') as is_unpaid,
      bool_or(attempts < ${MAX_ATTEMPTS} and reason is not distinct from 'price_unknown') as is_priceless
    from app.pending_embedding where tenant_id = ${tenantId} group by model_number`)
}
