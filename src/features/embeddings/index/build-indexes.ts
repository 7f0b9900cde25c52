// Builds the indexes of a tenant's vectors that are due, while searches and inserts go on. It looks at what is there, so
// that after a kill anywhere the same job simply runs again; erasing the tenant or dropping the model drops them.
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { dueIndexes, type DueIndex } from './due-indexes.ts'

/**
 * The graph is built in memory as far as it fits (at most so much; some 100,000 vectors of 1,536 numbers), beyond that
 * far slower. One process: a second would need the memory as /dev/shm, which containers keep at 64 MB, and the cores
 * that searches run on.
 */
const BUILDING = { maintenance_work_mem: '512MB', max_parallel_maintenance_workers: '0' }
/** Only another build or a VACUUM of the same table is in the way; the job gives up then, and is tried again. */
const DROPPING = { lock_timeout: '2s' }

/** Resolves when none is due. */
export async function buildIndexes(owner: OwnerDatabase, tenantId: string, from: number): Promise<void> {
  for (const index of await owner.transaction(tx => dueIndexes(tx, tenantId, from))) {
    await dropLeftover(owner, index)
    await build(owner, index)
  }
}

/** A concurrent build that was cut off leaves an index that every insert keeps up and no search uses. */
async function dropLeftover(owner: OwnerDatabase, { table }: DueIndex): Promise<void> {
  const leftovers = await owner.transaction(tx =>
    tx.all(sql<{ name: string }>`
      select i.indexrelid::regclass::text as name from pg_index i
      where i.indrelid = ${table}::regclass and not i.indisvalid`),
  )
  for (const { name } of leftovers)
    await owner.runAlone(`drop index concurrently if exists ${name}`, DROPPING)
}

/**
 * On a server CONCURRENTLY: nobody waits, neither for the build nor for the lock it takes (SHARE UPDATE EXCLUSIVE), so
 * it needs no lock_timeout, which would only cut it off while it waits for older transactions to end. On the one
 * session of the embedded engine nobody could go on meanwhile anyway, and it would read the table twice.
 */
async function build(owner: OwnerDatabase, { table }: DueIndex): Promise<void> {
  const name = `${table.replace(/^.*\./, '')}_nearest`
  const concurrently = owner.engine === 'postgres' ? 'concurrently' : ''
  await owner.runAlone(
    `create index ${concurrently} if not exists ${name} on ${table}
      using hnsw (embedding halfvec_cosine_ops) with (m = 16, ef_construction = 64)`,
    BUILDING,
  )
}
