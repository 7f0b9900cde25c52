// What access lists cost, and whether they cost hits: the same questions asked by readers of all of a tenant, of every
// tenth document, and of every hundredth. What is found is compared with the exact answers over what each may read.
import type { Database } from '../../../src/platform/db/database.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { areEqual, documentNumbers, exactVectors, shared, TOP } from './exactness.ts'
import { exactWords } from './exact-words.ts'
import { closedLoop, figuresOf } from './loops.ts'
import { questionsOf, sizeOf, type Tenant } from './questions.ts'
import { searchOnce, type Reader } from './search-once.ts'

export const VISIBILITY = 'With access lists'

interface Visibility {
  readonly name: string
  readonly reader: Reader
  isReadable(number: number): boolean
}

const NOBODY_LISTED: Visibility = {
  name: 'no list in the tenant',
  reader: { subject: 'anyone', reads: 'listed' },
  isReadable: () => true,
}

/** In a tenant that has three lists: every document names one. */
const READERS: readonly Visibility[] = [
  {
    name: 'one who reads all',
    reader: { subject: 'admin', reads: 'all' },
    isReadable: () => true,
  },
  ...(
    [
      ['100 %, listed', 'whole', 1],
      ['10 %', 'tenth', 10],
      ['1 %', 'hundredth', 100],
    ] as const
  ).map(([name, subject, each]) => ({
    name,
    reader: { subject, reads: 'listed', asListed: true } as const,
    isReadable: (number: number) => number % each === 0,
  })),
]

export interface VisibilityPlan {
  readonly questions: number
  /** Of each measurement. */
  readonly seconds: number
  readonly rounds: number
}

export async function measureVisibility(
  ground: SearchGround,
  plan: VisibilityPlan,
  lines: Lines,
): Promise<void> {
  const database = ground.database.openApp(1)
  try {
    for (const tenant of [ground.tenants[0], ground.tenants[2]]) {
      if (tenant === undefined) continue
      const truth = await truthOf(ground, tenant, plan.questions)
      const measure = (one: Visibility) => measureOne(database, { ground, tenant, plan, truth, lines }, one)
      await measure(NOBODY_LISTED)
      await giveLists(ground, tenant)
      try {
        for (const one of READERS) await measure(one)
      } finally {
        await takeLists(ground, tenant)
      }
    }
  } finally {
    await database.close()
  }
}

async function truthOf(ground: SearchGround, tenant: Tenant, count: number) {
  const questions = questionsOf(ground, tenant, count)
  return {
    questions,
    numbers: await documentNumbers(ground, tenant),
    words: await exactWords(
      ground.database,
      tenant.id,
      questions.map(({ text }) => text),
    ),
  }
}

interface Setting {
  readonly ground: SearchGround
  readonly tenant: Tenant
  readonly plan: VisibilityPlan
  readonly truth: Awaited<ReturnType<typeof truthOf>>
  readonly lines: Lines
}

async function measureOne(
  database: Database,
  { ground, tenant, plan, truth, lines }: Setting,
  { name, reader, isReadable }: Visibility,
): Promise<void> {
  const { questions, numbers, words } = truth
  const nearest = exactVectors(ground, tenant, questions, isReadable)
  let recalled = 0
  let same = 0
  let candidates = 0
  for (const [at, question] of questions.entries()) {
    const { byWords, byVector } = await searchOnce(database, ground, tenant, { ...question, reader })
    const found = byVector.slice(0, TOP).map(row => numbers.get(row.document_id))
    recalled += shared(found, nearest[at] ?? [])
    const readable = (words[at] ?? []).filter(({ document }) => isReadable(numbers.get(document) ?? -1))
    if (areEqual(byWords.slice(0, TOP), readable.slice(0, TOP))) same++
    candidates += byVector.length
  }
  const asked = questionsOf(ground, tenant, 200)
  const call = (at: number) =>
    searchOnce(database, ground, tenant, { ...(asked[at % asked.length] as (typeof asked)[number]), reader })
  const cells = { tenant: sizeOf(tenant), 'may read': name }
  const wanted = nearest.reduce((sum, of) => sum + of.length, 0)
  await closedLoop({ callers: 1, seconds: 1, calls: 20 }, call)
  for (let round = 1; round <= plan.rounds; round++)
    lines.add(VISIBILITY, cells, {
      ...figuresOf(await closedLoop({ callers: 1, seconds: plan.seconds }, call)),
      'recall@10 of the vectors': recalled / wanted,
      'BM25 top 10 equal to the exact one': same / questions.length,
      'vector candidates': candidates / questions.length,
    })
}

/** Three lists: of every hundredth document, of the other tenths, and of the rest. */
async function giveLists({ database: { asAdmin } }: SearchGround, { id }: Tenant): Promise<void> {
  await asAdmin(
    `insert into app.access_list (tenant_id, id, digest) select $1, n, sha256(n::text::bytea) from generate_series(1, 3) n`,
    [id],
  )
  await asAdmin(
    `insert into app.access_entry (tenant_id, access_id, kind, member)
     values ($1, 1, 'user', 'whole'), ($1, 1, 'user', 'tenth'), ($1, 1, 'user', 'hundredth'),
       ($1, 2, 'user', 'whole'), ($1, 2, 'user', 'tenth'), ($1, 3, 'user', 'whole')`,
    [id],
  )
  await asAdmin(
    `update app.document set access_id =
       case when external_id::int % 100 = 0 then 1 when external_id::int % 10 = 0 then 2 else 3 end
     where tenant_id = $1`,
    [id],
  )
  await asAdmin('vacuum analyze app.document')
}

async function takeLists({ database: { asAdmin } }: SearchGround, { id }: Tenant): Promise<void> {
  await asAdmin('update app.document set access_id = null where tenant_id = $1', [id])
  await asAdmin('delete from app.access_list where tenant_id = $1', [id])
  await asAdmin('vacuum analyze app.document')
}
