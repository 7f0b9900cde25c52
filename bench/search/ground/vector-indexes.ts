// The HNSW indexes of the tenants that are large enough for one, built as the maintainer builds them.
import { buildIndexes } from '../../../src/features/embeddings/index/build-indexes.ts'
import { INDEXED_FROM } from '../../../src/features/embeddings/index/due-indexes.ts'
import type { BenchDatabase } from './bench-database.ts'

/** The seconds it took. */
export async function buildVectorIndexes({ owner, asAdmin }: BenchDatabase): Promise<number> {
  const tenants = await asAdmin('select id from app.tenant order by id')
  const begun = performance.now()
  for (const { id } of tenants) await buildIndexes(owner, String(id), INDEXED_FROM[owner.engine])
  return (performance.now() - begun) / 1_000
}
