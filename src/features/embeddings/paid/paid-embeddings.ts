// Who pays for the vectors of documents: the tenant whose documents they are, for each batch. Nobody calls; the ledger
// names the work instead of a person.
import { meteredEmbedder } from '../../../gate/money/metered/metered-embedder.ts'
import type { SpendAs } from '../../../gate/money/spend.ts'
import type { Embedder } from '../../../platform/models/embedder.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'

export type OpenEmbedder = (model: Embedder['model']) => Embedder

export interface PaidEmbeddings {
  readonly open: OpenEmbedder
  readonly spendAs: SpendAs
}

const SUBJECT = 'gatehouse:embeddings'
const OPERATION = 'embed_documents'

export function embeddersPaidBy(tenantId: string, { open, spendAs }: PaidEmbeddings): OpenEmbedder {
  const spend = spendAs({ tenantId, subject: SUBJECT, operation: OPERATION, callId: uuidv7() })
  return model => meteredEmbedder(open(model), spend, 'embed_batch')
}
