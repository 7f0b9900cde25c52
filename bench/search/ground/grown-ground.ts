// The ground of the search benchmark with many small tenants beside its own, in a database of its own: partitions that
// are there weigh on every other measurement.
import type { BenchTenant } from './corpus.ts'
import { loadTenants } from './load-tenants.ts'
import { openSearchGround, type GroundOptions, type SearchGround } from './search-ground.ts'

const CHUNKS_EACH = 100
/** Document numbers of neighbours begin here. */
const FIRST = 10_000_000

/** 0 is the ground itself, in that database. More are added to what is there; fewer than are there has it made anew. */
export async function openGrownGround({
  neighbours,
  ...options
}: GroundOptions & { readonly neighbours: number }): Promise<SearchGround> {
  const ground = await openSearchGround({ ...options, purpose: 'growth' })
  const there = await countNeighbours(ground)
  if (there > neighbours) {
    await ground.database.close()
    return openGrownGround({ ...options, fresh: true, neighbours })
  }
  if (there < neighbours) options.tell(`${neighbours - there} tenants more`)
  const tenants = Array.from(
    { length: neighbours - there },
    (_, at): BenchTenant => ({
      slug: `neighbour-${there + at + 1}`,
      first: FIRST + (there + at) * CHUNKS_EACH,
      size: CHUNKS_EACH,
    }),
  )
  const { database, vectors, model } = ground
  await loadTenants(database, { tenants, vectors, model, tell: options.tell })
  if (tenants.length > 0) await database.asAdmin('vacuum analyze')
  return ground
}

async function countNeighbours({ database }: SearchGround): Promise<number> {
  const [row] = await database.asAdmin(
    `select count(*)::int as count from app.tenant where slug like 'neighbour-%'`,
  )
  return Number(row?.['count'])
}
