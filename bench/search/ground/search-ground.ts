// What the search benchmark measures on: 20 tenants with their chunks, postings, vectors and indexes, and the article's
// table beside them.
import { dropRetired } from '../../../src/features/embeddings/change/drop-retired.ts'
import { registerModel } from '../../../src/features/embeddings/change/register-model.ts'
import { switchWhenFilled } from '../../../src/features/embeddings/change/switch-when-filled.ts'
import { provisionTenant } from '../../../src/features/tenants/storage/provision-tenant.ts'
import { makeArticleTable } from './article-table.ts'
import { openBenchDatabase, type BenchDatabase } from './bench-database.ts'
import { tenantsOf, type BenchTenant } from './corpus.ts'
import { loadTenants } from './load-tenants.ts'
import { plantedVectors, type PlantedVectors } from './planted-vectors.ts'
import { buildVectorIndexes } from './vector-indexes.ts'

/** As the server knows it: its vectors come from a server in this process (embedding-stub.ts). */
export const MODEL = 'tei:bench'

export interface SearchGround {
  readonly database: BenchDatabase
  readonly dimension: number
  readonly chunks: number
  /** The number of the model, which names its table. */
  readonly model: number
  readonly tenants: readonly (BenchTenant & { readonly id: string })[]
  readonly vectors: PlantedVectors
  /** Measured while the ground was prepared, in seconds. */
  readonly prepared: Prepared
}

export interface Prepared {
  readonly loadSeconds: number
  readonly hnswSeconds: number
  readonly articleHnswSeconds: number
}

export interface GroundOptions {
  readonly dimension: number
  readonly chunks: number
  /** Made anew, whatever is there. */
  readonly fresh: boolean
  /** Taken as it is, even if another version of the code has filled it. */
  readonly asItIs?: boolean
  tell(line: string): void
}

export async function openSearchGround({
  dimension,
  chunks,
  purpose = 'search',
  ...options
}: GroundOptions & { readonly purpose?: 'search' | 'growth' }): Promise<SearchGround> {
  const vectors = plantedVectors(dimension)
  const tenants = tenantsOf(chunks)
  const { database, facts } = await openBenchDatabase({
    name: `gatehouse_bench_${purpose}_${dimension}${chunks === 100_000 ? '' : `_${chunks}`}`,
    holds: `${chunks} chunks of ${dimension} dimensions`,
    ...options,
    fill: async made => ({ ...(await fill(made, { tenants, vectors, tell: options.tell })) }),
  })
  const rows = await database.asAdmin('select id, slug from app.tenant')
  const ids = new Map(rows.map(({ id, slug }) => [String(slug), String(id)]))
  return {
    database,
    dimension,
    chunks,
    model: await servingModel(database),
    tenants: tenants.map(tenant => ({ ...tenant, id: ids.get(tenant.slug) ?? '' })),
    vectors,
    prepared: facts as unknown as Prepared,
  }
}

interface Filling {
  readonly tenants: readonly BenchTenant[]
  readonly vectors: PlantedVectors
  tell(line: string): void
}

async function fill(database: BenchDatabase, { tenants, vectors, tell }: Filling): Promise<Prepared> {
  const { owner } = database
  await registerModel(owner, { name: MODEL, dimension: vectors.dimension })
  await switchWhenFilled(owner, tenantId => provisionTenant(owner, tenantId), 0)
  await dropRetired(owner, 0)
  const model = await servingModel(database)
  const begun = performance.now()
  await loadTenants(database, { tenants, vectors, model, tell })
  const loadSeconds = (performance.now() - begun) / 1_000
  tell('  vector indexes')
  const hnswSeconds = await buildVectorIndexes(database)
  tell("  the article's table and its index")
  const { articleHnswSeconds } = await makeArticleTable(database, { dimension: vectors.dimension, model })
  await database.asAdmin('vacuum analyze')
  await database.asAdmin('checkpoint')
  return { loadSeconds, hnswSeconds, articleHnswSeconds }
}

async function servingModel({ asAdmin }: BenchDatabase): Promise<number> {
  const [row] = await asAdmin(`select number from app.embedding_model where state = 'serving'`)
  return Number(row?.['number'])
}
