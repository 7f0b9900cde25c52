// The vector branch, with and without an index: it finds what comparing everything finds, never too few, and the index
// is built beside searches and inserts.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { registerModel } from '../../src/features/embeddings/change/register-model.ts'
import { switchWhenFilled } from '../../src/features/embeddings/change/switch-when-filled.ts'
import { buildIndexes } from '../../src/features/embeddings/index/build-indexes.ts'
import { orderIndexes } from '../../src/features/embeddings/index/order-indexes.ts'
import { nearest, preferIndex } from '../../src/features/retrieval/branches/nearest.ts'
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { vectorText } from '../../src/platform/models/embedder.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

const DIMENSION = 32
const MODEL = 2
const INDEXED = 1_000

interface Planted {
  readonly id: string
  readonly versionId: string
  readonly field: string
  readonly vectors: readonly Float32Array[]
}

let db: TestDatabase
/** 900 documents of 3 chunks in 30 clusters, one of 500 chunks in the middle of cluster 0, indexed. */
let large: string
let planted: Planted[]
/** Has 0.5 % of the rows. */
let small: string
let plantedSmall: Planted[]

beforeAll(async () => {
  db = await openTestDatabase()
  await registerModel(db.owner, { name: 'ollama:test', dimension: DIMENSION })
  large = await db.createTenant()
  planted = await plant(large, [
    ...Array.from({ length: 900 }, (_, at) => document(fieldOf(at), chunks(3, at % 30))),
    document('long', chunks(500, 0, 0.05)),
  ])
  small = await db.createTenant()
  plantedSmall = await plant(
    small,
    Array.from({ length: 16 }, (_, at) => document('any', chunks(1, at))),
  )
  await buildIndexes(db.owner, large, INDEXED)
}, 120_000)
afterAll(() => db.close())

/** One in a hundred, one in a thousand, exactly one, and those far from cluster 0. */
function fieldOf(at: number): string {
  if (at === 450) return 'one'
  if (at % 100 === 7) return 'few'
  return at % 30 < 3 ? 'close' : 'far'
}

// The same numbers in every run (mulberry32).
let seed = 7
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}
const noise = () => random() + random() + random() - 1.5
const centers = Array.from({ length: 30 }, () => Float32Array.from({ length: DIMENSION }, noise))

function like(cluster: number, spread = 0.6): Float32Array {
  const center = centers[cluster % centers.length]!
  return center.map(value => Math.fround(value + spread * noise()))
}
const chunks = (count: number, cluster: number, spread?: number) =>
  Array.from({ length: count }, () => like(cluster, spread))
const document = (field: string, vectors: readonly Float32Array[]): Planted => ({
  id: uuidv7(),
  versionId: uuidv7(),
  field,
  vectors,
})

/** Rows as publishing and embedding leave them, as far as the vector branch reads them. */
async function plant(tenant: string, documents: readonly Planted[]): Promise<Planted[]> {
  const ids = array(documents.map(({ id }) => id))
  const versions = array(documents.map(({ versionId }) => versionId))
  await db.asAdmin(
    `with l as (insert into app.corpus_language as l values ($1, 'english', cardinality($2::uuid[]))
       on conflict (tenant_id, language) do update set documents = l.documents + excluded.documents)
     insert into app.document (tenant_id, id, title, format, current_version, current_version_id, file_type, language)
     select $1, d.id, 'Document', 'text', 1, d.version, 'text', 'english'
     from unnest($2::uuid[], $3::uuid[]) as d (id, version)`,
    [tenant, ids, versions],
  )
  await db.asAdmin(
    `insert into app.document_field (tenant_id, document_id, key, place, text_value)
     select $1, d.id, 'label', 0, d.field from unnest($2::uuid[], $3::text[]) as d (id, field)`,
    [tenant, ids, array(documents.map(({ field }) => field))],
  )
  const rows = documents.flatMap(({ versionId, vectors }) =>
    vectors.map((vector, ordinal) => ({ id: uuidv7(), versionId, ordinal, vector: vectorText(vector) })),
  )
  await db.asAdmin(
    `with c as (
       insert into app.chunk (tenant_id, id, version_id, ordinal, start_at, end_at, content, length, tokens)
       select $1, c.id, c.version, c.ordinal, 0, 1, 'x', 1, 1
       from unnest($2::uuid[], $3::uuid[], $4::int[]) as c (id, version, ordinal))
     insert into app.vector_${MODEL} (tenant_id, chunk_id, version_id, embedding)
     select $1, c.id, c.version, c.vector::halfvec from unnest($2::uuid[], $3::uuid[], $5::text[]) as c (id, version, vector)`,
    [
      tenant,
      array(rows.map(({ id }) => id)),
      array(rows.map(({ versionId }) => versionId)),
      array(rows.map(({ ordinal }) => String(ordinal))),
      array(rows.map(({ vector }) => vector)),
    ],
  )
  return [...documents]
}
const array = (values: readonly string[]) => `{${values.map(value => `"${value}"`).join(',')}}`

interface Asked {
  readonly labels?: readonly string[]
  readonly candidates?: number
  readonly tenant?: string
}

async function search(query: Float32Array, { labels, candidates = 10, tenant = large }: Asked = {}) {
  const conditions = labels === undefined ? null : JSON.stringify([{ key: 'label', texts: labels }])
  const [, rows] = await db.database.readBatchAs({ tenantId: tenant, subject: 't' }, [
    preferIndex(),
    nearest(tenant, query, { model: MODEL, conditions, candidates }),
  ])
  expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, at) => at + 1))
  expect(rows.map(({ score }) => score)).toEqual(rows.map(({ score }) => score).toSorted((a, b) => b - a))
  return rows.map(({ document_id }) => document_id)
}

/** By comparing everything, in double precision, with vectors as they are stored (11 bits). */
function truth(query: Float32Array, documents: readonly Planted[], k: number): string[] {
  const stored = (vector: Float32Array) =>
    Array.from(vector, value => Math.f16round(Number(value.toPrecision(5))))
  const asked = stored(query)
  const distance = (vector: Float32Array): number => {
    const other = stored(vector)
    const dot = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, at) => sum + value * b[at]!, 0)
    return 1 - dot(asked, other) / Math.sqrt(dot(asked, asked) * dot(other, other))
  }
  return documents
    .map(({ id, vectors }) => ({ id, distance: Math.min(...vectors.map(distance)) }))
    .filter(one => one.distance < 1)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, k)
    .map(({ id }) => id)
}

/** The share of the true nearest that was found, over 30 queries. */
async function recall(documents: readonly Planted[], asked: Asked): Promise<number> {
  let found = 0
  let wanted = 0
  for (let at = 0; at < 30; at++) {
    const query = like(at)
    const ids = new Set(await search(query, asked))
    const nearby = truth(query, documents, asked.candidates ?? 10)
    found += nearby.filter(id => ids.has(id)).length
    wanted += nearby.length
  }
  return found / wanted
}

const indexes = (tenant: string) =>
  db.asAdmin(
    `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where a.amname = 'hnsw' and i.indrelid = $1::regclass`,
    [partition(tenant)],
  )
const partition = (tenant: string) => `app.vector_${MODEL}_${tenant.replaceAll('-', '')}`

describe('recall', () => {
  test.each([
    [10, 0.98],
    [50, 0.95],
  ])('of %i documents out of the index: at least %f', async (candidates, least) => {
    expect(await indexes(large)).toEqual([{ valid: true }])
    expect(await recall(planted, { candidates })).toBeGreaterThanOrEqual(least)
  })
  test('below the size that is indexed: all of them', async () => {
    const tenant = await db.createTenant()
    const documents = await plant(
      tenant,
      Array.from({ length: 150 }, (_, at) => document('any', chunks(2, at))),
    )
    await buildIndexes(db.owner, tenant, INDEXED)
    expect(await indexes(tenant)).toEqual([])
    expect(await recall(documents, { tenant })).toBe(1)
  })
})

describe('never too few', () => {
  test('RL30 a tenant with 0.5 % of the rows gets its k, all its own', async () => {
    for (let cluster = 0; cluster < 16; cluster++) {
      const query = like(cluster)
      expect(await search(query, { tenant: small })).toEqual(truth(query, plantedSmall, 10))
    }
  })
  test.each(['few', 'one', 'long', 'none'])(
    'a filter that %s documents meet gets all of them',
    async label => {
      const matching = planted.filter(({ field }) => field === label)
      for (const cluster of [0, 7, 29]) {
        const query = like(cluster)
        expect(await search(query, { labels: [label] })).toEqual(truth(query, matching, 10))
      }
    },
  )
  test('a filter that most documents meet, but none of those nearby, gets its k', async () => {
    const matching = planted.filter(({ field }) => field === 'far')
    expect(matching.reduce((sum, { vectors }) => sum + vectors.length, 0)).toBeGreaterThan(2_000)
    const query = like(0, 0.05)
    const ids = await search(query, { labels: ['far'], candidates: 50 })
    expect(ids).toHaveLength(50)
    const nearby = new Set(truth(query, matching, 50))
    expect(ids.filter(id => nearby.has(id)).length).toBeGreaterThanOrEqual(47)
  })
  test('a document of 500 chunks is one among the others', async () => {
    const ids = await search(centers[0]!, { candidates: 50 })
    expect(ids[0]).toBe(planted.find(({ field }) => field === 'long')!.id)
    expect(new Set(ids).size).toBe(50)
  })
  test('not even a document that fills the whole scan keeps the others out', async () => {
    const tenant = await db.createTenant()
    const documents = await plant(tenant, [
      document('long', chunks(2_100, 0, 0.05)),
      ...Array.from({ length: 60 }, (_, at) => document('any', chunks(1, at % 3, 0.6))),
    ])
    await buildIndexes(db.owner, tenant, INDEXED)
    for (const labels of [undefined, ['long', 'any']])
      expect(await search(centers[0]!, { tenant, candidates: 10, ...(labels && { labels }) })).toEqual(
        truth(centers[0]!, documents, 10),
      )
  })
  test('a hidden version is never found, and what comes after it moves up', async () => {
    const query = centers[0]!
    const long = planted.find(({ field }) => field === 'long')!
    const [, second] = await search(query)
    await db.asAdmin('insert into app.hidden_version (tenant_id, version_id) values ($1, $2)', [
      large,
      long.versionId,
    ])
    try {
      const ids = await search(query)
      expect(ids).toHaveLength(10)
      expect(ids[0]).toBe(second)
      expect(ids).not.toContain(long.id)
      expect(await search(query, { labels: ['long'] })).toEqual([])
    } finally {
      await db.asAdmin('delete from app.hidden_version where tenant_id = $1', [large])
    }
  })
  test('without a vector it asks for nothing', async () => {
    for (const conditions of [null, '[]']) {
      const rows = await db.database.readAs({ tenantId: large, subject: 't' }, tx =>
        tx.all(nearest(large, null, { model: MODEL, conditions })),
      )
      expect(rows).toEqual([])
    }
  })
})

interface PlanNode extends Partial<Record<'Node Type' | 'Relation Name' | 'Index Name', string>> {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly Plans?: PlanNode[]
}

test.each([
  ['no', undefined, 'nearest'],
  ['a wide', ['far'], 'nearest'],
  ['a narrow', ['few'], 'version'],
])(
  'with %s filter a large table is read by an index, and no further than has to be',
  async (_, labels, by) => {
    const conditions = labels === undefined ? null : JSON.stringify([{ key: 'label', texts: labels }])
    const statement = nearest(large, like(5), { model: MODEL, conditions, candidates: 10 })
    const [, plans] = await db.database.readBatchAs({ tenantId: large, subject: 't' }, [
      preferIndex(),
      { ...statement, sql: `explain (analyze, timing off, format json) ${statement.sql}` },
    ])
    const [{ 'QUERY PLAN': plan }] = plans as unknown as [{ 'QUERY PLAN': [{ Plan: PlanNode }] }]
    const flat = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flat)]
    const readers = flat(plan[0].Plan).filter(
      node => node['Relation Name']?.startsWith(`vector_${MODEL}_`) === true && node['Actual Loops'] > 0,
    )
    expect(readers.map(node => node['Node Type'])).not.toContain('Seq Scan')
    expect(readers.some(node => node['Index Name']?.endsWith('_nearest'))).toBe(by === 'nearest')
    const scanned = readers.filter(node => node['Index Name']?.endsWith('_nearest'))
    for (const node of scanned) expect(node['Actual Rows']).toBeLessThan(300)
  },
)

describe('the index', () => {
  const filled = async (count: number) => {
    const tenant = await db.createTenant()
    await plant(
      tenant,
      Array.from({ length: count }, (_, at) => document('any', chunks(1, at))),
    )
    return tenant
  }
  const order = (tenant: string) =>
    db.database.writeAs({ tenantId: tenant, subject: 't' }, tx => orderIndexes(tx, tenant, INDEXED))
  const jobs = async (tenant: string) =>
    db.asAdmin(
      `select count(*)::int as n from pgboss.job where name = 'build_vector_index' and data ->> 'tenantId' = $1`,
      [tenant],
    )

  test('is ordered once when a tenant has grown to its size, and not when it stands', async () => {
    const tenant = await filled(900)
    expect(await order(tenant)).toBe(false)
    await plant(
      tenant,
      Array.from({ length: 200 }, (_, at) => document('any', chunks(1, at))),
    )
    expect([await order(tenant), await order(tenant)]).toEqual([true, true])
    expect(await jobs(tenant)).toEqual([{ n: 1 }])
    await buildIndexes(db.owner, tenant, INDEXED)
    expect(await order(tenant)).toBe(false)
  })

  test('is built while searches and inserts go on, and holds what came meanwhile', async () => {
    const tenant = await filled(1_100)
    const building = buildIndexes(db.owner, tenant, INDEXED)
    const during: Planted[] = []
    for (let at = 0; at < 20; at++) {
      const one = document('any', chunks(1, at))
      during.push(...(await plant(tenant, [one])))
      expect((await search(one.vectors[0]!, { tenant }))[0]).toBe(one.id)
    }
    await building
    expect(await indexes(tenant)).toEqual([{ valid: true }])
    for (const one of during) expect((await search(one.vectors[0]!, { tenant }))[0]).toBe(one.id)
  })

  test('that a cut-off build left behind is dropped and built anew', async () => {
    const tenant = await filled(1_100)
    await buildIndexes(db.owner, tenant, INDEXED)
    await db.asAdmin(
      `update pg_index set indisvalid = false where indrelid = $1::regclass and indexrelid::regclass::text like '%_nearest'`,
      [partition(tenant)],
    )
    expect(await indexes(tenant)).toEqual([{ valid: false }])
    await buildIndexes(db.owner, tenant, INDEXED)
    expect(await indexes(tenant)).toEqual([{ valid: true }])
  })

  test.skipIf(inject('engine') === 'pglite')(
    'whose build is killed in the middle is built by the next run, searches going on between',
    async () => {
      const tenant = await filled(1_100)
      const writer = await db.lockAsAdmin(`lock table ${partition(tenant)} in row exclusive mode`)
      const building = buildIndexes(db.owner, tenant, INDEXED).then(
        () => 'built',
        () => 'killed',
      )
      // The builder waits for the writer, its index made and not valid.
      await expect.poll(() => indexes(tenant)).toEqual([{ valid: false }])
      await db.asAdmin(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like 'create index concurrently%'`,
      )
      expect(await building).toBe('killed')
      await writer.release()
      expect(await indexes(tenant)).toEqual([{ valid: false }])
      expect(await search(like(3), { tenant })).toHaveLength(10)
      await buildIndexes(db.owner, tenant, INDEXED)
      expect(await indexes(tenant)).toEqual([{ valid: true }])
    },
  )

  test('stands before a model answers searches', async () => {
    const tenant = await filled(1_100)
    const tenants = await db.asAdmin('select id from app.tenant')
    for (const { id } of tenants) {
      await db.asAdmin(
        'insert into app.embedding_fill (tenant_id, model_number, done) values ($1, $2, true)',
        [String(id), MODEL],
      )
      if (id !== tenant) await buildIndexes(db.owner, String(id), INDEXED)
    }
    const switchOver = () => switchWhenFilled(db.owner, id => provisionTenant(db.owner, id), 0, INDEXED)
    const serving = async () =>
      (await db.asAdmin(`select number from app.embedding_model where state = 'serving'`))[0]!['number']
    await switchOver()
    expect(await serving()).toBe(1)
    expect(await jobs(tenant)).toEqual([{ n: 1 }])
    await buildIndexes(db.owner, tenant, INDEXED)
    await switchOver()
    expect(await serving()).toBe(MODEL)
  })
})
