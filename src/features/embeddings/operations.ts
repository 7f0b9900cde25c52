// What operators can ask about embeddings.
import { getEmbeddingStatus, type EmbeddingStatusDeps } from './get-embedding-status.ts'
import { migrateEmbeddings, type MigrateEmbeddingsDeps } from './migrate-embeddings.ts'
import { retryEmbeddings, type RetryEmbeddingsDeps } from './retry-embeddings.ts'

export type EmbeddingsDeps = MigrateEmbeddingsDeps & EmbeddingStatusDeps & RetryEmbeddingsDeps

export function operations(deps: EmbeddingsDeps) {
  return [migrateEmbeddings(deps), getEmbeddingStatus(deps), retryEmbeddings(deps)]
}
