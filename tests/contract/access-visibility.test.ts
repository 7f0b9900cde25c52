// However few of a tenant's documents a caller may read, each branch of a search brings as many as there are, the best
// of those in the right order. Held against BM25 and cosine reckoned here over the readable documents alone.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { lexical } from '../../src/features/retrieval/branches/lexical.ts'
import { nearest, preferIndex } from '../../src/features/retrieval/branches/nearest.ts'
import { buildIndexes } from '../../src/features/embeddings/index/build-indexes.ts'
import type { Reader } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishIn } from '../harness/publish.ts'

const DOCUMENTS = 300
const WORDS = [
  'harbour',
  'pilot',
  'lock',
  'quay',
  'tide',
  'crane',
  'barge',
  'buoy',
  'dredger',
  'mole',
  'jetty',
]
const QUERY = 'harbour pilot quay'

let db: TestDatabase
let tenantId: string
let embedding: Float32Array
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  await db.database.writeAs({ tenantId, subject: 'tests', reads: 'all' }, async tx => {
    for (let at = 0; at < DOCUMENTS; at++) {
      const words = WORDS.flatMap((word, place) => Array.from({ length: (at * (place + 3)) % 7 }, () => word))
      await publishIn(tx, tenantId, { title: `No ${at}`, content: `Of ${at}: ${words.join(' ')}.` })
    }
  })
  await embedAll(db.database, tenantId)
  embedding = (await localEmbedder().embed([QUERY]))[0]!
  const lists = [['whole', 'tenth', 'hundredth'], ['whole', 'tenth'], ['whole']]
  for (const [at, members] of lists.entries()) {
    await db.asAdmin('insert into app.access_list values ($1, $2, sha256($3::text::bytea))', [
      tenantId,
      at + 1,
      String(at),
    ])
    await db.asAdmin(`insert into app.access_entry select $1, $2, 'user', u from unnest($3::text[]) u`, [
      tenantId,
      at + 1,
      members,
    ])
  }
  await db.asAdmin(
    `update app.document set access_id = case when split_part(title, ' ', 2)::int % 100 = 0 then 1
       when split_part(title, ' ', 2)::int % 10 = 0 then 2 else 3 end where tenant_id = $1`,
    [tenantId],
  )
}, 120_000)
afterAll(() => db.close())

const SHARES: [share: string, subject: string, each: number][] = [
  ['all', 'whole', 1],
  ['a tenth', 'tenth', 10],
  ['a hundredth', 'hundredth', 100],
]
const as = <T>(subject: string, fn: (tx: Reader) => Promise<T>) =>
  db.database.readAs({ tenantId, subject }, fn)
const found = (rows: readonly { title: string; score: number }[]) =>
  rows.map(({ title, score }) => ({ title, score: Number(score.toFixed(6)) })).sort(order)
const order = (a: { title: string; score: number }, b: { title: string; score: number }) =>
  b.score - a.score || (a.title < b.title ? -1 : 1)

/** Of the documents whose number `each` divides: BM25 with the statistics of the whole tenant, best first. */
async function exactWords(each: number) {
  const rows = (await db.asAdmin(
    `select d.title, w.term, w.tf, c.length, s.chunks, s.total_length::float8 as total, t.df
     from app.document d join app.chunk c on c.tenant_id = d.tenant_id and c.version_id = d.current_version_id
     cross join lateral app.words(d.title || E'\\n' || c.heading || E'\\n' || c.content, d.language) w
     join app.corpus_stat s on s.tenant_id = d.tenant_id
     join app.term_stat t on t.tenant_id = d.tenant_id and t.term = w.term
     where d.tenant_id = $1 and w.term in (select term from app.words($2, 'english'))`,
    [tenantId, QUERY],
  )) as unknown as { title: string; tf: number; length: number; chunks: number; total: number; df: number }[]
  const scores = new Map<string, number>()
  for (const { title, tf, length, chunks, total, df } of rows) {
    if (Number(title.slice(3)) % each !== 0) continue
    const idf = Math.log(1 + (chunks - df + 0.5) / (df + 0.5))
    const score = (idf * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * length * chunks) / total))
    scores.set(title, (scores.get(title) ?? 0) + score)
  }
  return found([...scores].map(([title, score]) => ({ title, score })))
}

async function exactVectors(each: number) {
  const rows = (await db.asAdmin(
    `select d.title, 1 - (v.embedding <=> $2::text::halfvec) as score
     from app.document d join app.vector_1 v on v.tenant_id = d.tenant_id and v.version_id = d.current_version_id
     where d.tenant_id = $1 and split_part(d.title, ' ', 2)::int % $3 = 0 and v.embedding <=> $2::text::halfvec < 1`,
    [tenantId, `[${embedding.join(',')}]`, each],
  )) as unknown as { title: string; score: number }[]
  return found(rows)
}

/** Scores, best first, of so many as a branch brings; of equal ones at the end any may be there. */
const scoresOf = (rows: readonly { title: string; score: number }[]) =>
  found(rows)
    .slice(0, 50)
    .map(({ score }) => score.toFixed(4))

describe.each(SHARES)('one who may read %s of the documents', (_, subject, each) => {
  test.each([0, 100_000])(
    'is given the best of them by words, taken for a tenant of %i passages',
    async passages => {
      const rows = await as(subject, tx => tx.all(lexical(tenantId, QUERY, { model: 1, passages })))
      const exact = await exactWords(each)
      expect(scoresOf(rows)).toEqual(scoresOf(exact))
      expect(exact.map(({ title }) => title)).toEqual(expect.arrayContaining(rows.map(({ title }) => title)))
    },
  )

  test('is given the nearest of them, exactly', async () => {
    const rows = await as(subject, tx => tx.all(nearest(tenantId, embedding, { model: 1 })))
    const exact = await exactVectors(each)
    expect(scoresOf(rows)).toEqual(scoresOf(exact))
    expect(exact.map(({ title }) => title)).toEqual(expect.arrayContaining(rows.map(({ title }) => title)))
  })
})

describe.runIf(inject('engine') === 'postgres')('with an index over the vectors', () => {
  beforeAll(() => buildIndexes(db.owner, tenantId, 1), 60_000)

  test.each(SHARES)(
    'one who may read %s is given as many as there are, the nearest among them',
    async (_, subject, each) => {
      const [, rows] = await db.database.readBatchAs({ tenantId, subject }, [
        preferIndex(),
        nearest(tenantId, embedding, { model: 1 }),
      ])
      const exact = await exactVectors(each)
      expect(rows).toHaveLength(Math.min(50, exact.length))
      const ten = found(rows).slice(0, 10)
      const missed = exact
        .slice(0, 10)
        .filter(({ score }, at) => Math.abs(score - (ten[at]?.score ?? 0)) > 1e-4)
      expect(missed.length).toBeLessThanOrEqual(1)
    },
  )
})

test('the sets of the policies are asked once for a table, and postings are read from their index alone', async () => {
  await db.asAdmin('vacuum app.posting')
  const plan = await as('tenth', async tx => {
    const rows = await tx.all(
      sql<
        Record<string, string>
      >`explain select tf from app.posting where tenant_id = ${tenantId} and term = 'harbour'`,
    )
    return rows.map(row => Object.values(row)[0]).join('\n')
  })
  expect(plan).toMatch(/NOT \(?\(ANY \(version_id = \(hashed SubPlan|NOT \(hashed SubPlan/)
  expect(plan).toContain('Index Only Scan')
})
