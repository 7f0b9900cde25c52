// retry_embeddings: what was given up on is tried again.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import type { Writer } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { orderEmbedding } from './embedding-queues.ts'
import { activeTenants } from './get-embedding-status.ts'
import { MAX_ATTEMPTS } from './pending-chunks.ts'

export interface RetryEmbeddingsDeps {
  /** Writes as a tenant: the deployment itself sees no tenant's rows. */
  readonly writeTenant: <T>(tenantId: string, fn: (tx: Writer) => Promise<T>) => Promise<T>
}

export function retryEmbeddings({ writeTenant }: RetryEmbeddingsDeps) {
  return defineOperation({
    name: 'retry_embeddings',
    title: 'Try failed embeddings again',
    description:
      'Takes up again the chunks whose embedding was given up on, in all tenants, and looks after all that wait.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({}),
    output: z.strictObject({ retried: z.int().describe('Chunks that are taken up again.') }),
    async run(_, call) {
      let retried = 0
      for (const id of await activeTenants(call)) retried += await writeTenant(id, tx => retryTenant(tx, id))
      return { retried }
    },
  })
}

async function retryTenant(tx: Writer, tenantId: string): Promise<number> {
  const retried = await tx.run(sql`
    update app.pending_embedding set attempts = 0, reason = null
    where tenant_id = ${tenantId} and attempts >= ${MAX_ATTEMPTS}`)
  const waiting = await tx.first(
    sql`select chunk_id from app.pending_embedding where tenant_id = ${tenantId} limit 1`,
  )
  if (waiting !== undefined) await orderEmbedding(tx, tenantId)
  return retried
}
