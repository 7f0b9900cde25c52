// Which of a tenant's vector tables are due an index: from some size on, looking at every vector takes longer than a
// search should.
import type { Reader } from '../../../platform/db/database.ts'
import { sqlFile } from '../../../platform/db/statements.ts'

/**
 * Vectors, about, from which on a table gets its index. None on the embedded engine, whose one session everybody waits
 * for: measured beside other work on two cores, an index of 10,000 vectors of 384 numbers takes 50 s to build, longer
 * than calls may wait, and one of 1,250 already takes 35 ms for each vector that comes later. Without it a search of
 * the 10,000 takes 30 to 50 ms.
 */
export const INDEXED_FROM: { readonly [engine in 'pglite' | 'postgres']: number } = {
  postgres: 2_000,
  pglite: Number.POSITIVE_INFINITY,
}

export interface DueIndex {
  /** The model's number. */
  readonly number: number
  /** The tenant's partition, as it stands in a statement. */
  readonly table: string
}

type Parameters = { partition: string; from: number }
const due = sqlFile<Parameters, DueIndex>(import.meta.url, './due-indexes.sql')

/** For any role: it reads the catalog and the sizes of files. */
export async function dueIndexes(tx: Reader, tenantId: string, from: number): Promise<DueIndex[]> {
  if (!Number.isFinite(from)) return []
  return tx.all(due({ partition: tenantId.replaceAll('-', ''), from }))
}
