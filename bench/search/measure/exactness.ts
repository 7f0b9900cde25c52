// Whether the fast answers are the right ones: vectors against the cosine of every vector, words against the BM25 of
// every chunk, both reckoned here. A fast wrong answer must not win.
import { fuse } from '../../../src/features/retrieval/ranking/fuse.ts'
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { askArticle, SEARCHES } from './article-sql.ts'
import { exactWords, type Scored } from './exact-words.ts'
import { measuredTenants, questionsOf, sizeOf, type Question, type Tenant } from './questions.ts'
import { searchOnce } from './search-once.ts'

export const EXACTNESS = 'What is found'
export const TOP = 10

export async function measureExactness(ground: SearchGround, count: number, lines: Lines): Promise<void> {
  const database = ground.database.openApp(1)
  try {
    for (const tenant of measuredTenants(ground)) {
      const questions = questionsOf(ground, tenant, count)
      const numbers = await documentNumbers(ground, tenant)
      const nearest = exactVectors(ground, tenant, questions)
      const words = await exactWords(
        ground.database,
        tenant.id,
        questions.map(({ text }) => text),
      )
      let recalled = 0
      let same = 0
      const truth = { questions, nearest, words, numbers }
      const fused: string[][] = []
      for (const [at, question] of questions.entries()) {
        const { byWords, byVector } = await searchOnce(database, ground, tenant, question)
        const found = byVector.slice(0, TOP).map(row => numbers.get(row.document_id))
        recalled += shared(found, nearest[at] ?? [])
        const both = fuse(byWords, byVector, { bm25: 0.5, vector: 0.5 })
        fused.push(both.slice(0, TOP).map(({ documentId }) => documentId))
        if (areEqual(byWords.slice(0, TOP), (words[at] ?? []).slice(0, TOP))) same++
      }
      lines.add(
        EXACTNESS,
        { search: 'Gatehouse', tenant: sizeOf(tenant), questions: String(count) },
        {
          ...agreement(fused, truth),
          'recall@10 of the vectors alone': recalled / wanted(nearest),
          'BM25 top 10 equal to the exact one': same / count,
        },
      )
      await articleExactness(ground, tenant, truth, lines)
    }
  } finally {
    await database.close()
  }
}

interface Truth {
  readonly questions: readonly Question[]
  readonly nearest: readonly (readonly number[])[]
  readonly words: readonly (readonly Scored[])[]
  readonly numbers: ReadonlyMap<string, number>
}

/** On the largest tenant few are asked: each takes seconds. */
async function articleExactness(
  ground: SearchGround,
  tenant: Tenant,
  truth: Truth,
  lines: Lines,
): Promise<void> {
  const engine = ground.database.openArticle(1)
  const asked = truth.questions.slice(0, tenant === ground.tenants[0] ? 3 : 20)
  try {
    for (const [name, text] of Object.entries(SEARCHES)) {
      const fused: string[][] = []
      for (const question of asked) {
        const rows = await askArticle(engine, text, tenant.id, question)
        fused.push(rows.map(({ id }) => String(id)))
      }
      const cells = { search: `article, ${name}`, tenant: sizeOf(tenant), questions: String(asked.length) }
      lines.add(EXACTNESS, cells, agreement(fused, truth))
    }
  } finally {
    await engine.close()
  }
}

/** Of the ten documents of a fused answer, how many stand in the exact ten of each branch. */
function agreement(
  fused: readonly (readonly string[])[],
  { nearest, words, numbers }: Truth,
): Record<string, number> {
  let byVector = 0
  let byWords = 0
  for (const [at, documents] of fused.entries()) {
    byVector += shared(
      documents.map(id => numbers.get(id)),
      nearest[at] ?? [],
    )
    byWords += (words[at] ?? []).slice(0, TOP).filter(({ document }) => documents.includes(document)).length
  }
  const places = fused.length * TOP
  return { 'of ten, in the exact ten by vectors': byVector / places, '… by words': byWords / places }
}

export async function documentNumbers(
  { database }: SearchGround,
  tenant: Tenant,
): Promise<Map<string, number>> {
  const rows = await database.asAdmin('select id, external_id from app.document where tenant_id = $1', [
    tenant.id,
  ])
  return new Map(rows.map(({ id, external_id }) => [String(id), Number(external_id)]))
}

/** The numbers of the ten nearest documents of each question, of those that are readable; vectors of length 1, so their product is the cosine. */
export function exactVectors(
  { vectors }: SearchGround,
  tenant: Tenant,
  questions: readonly Question[],
  isReadable: (number: number) => boolean = () => true,
): number[][] {
  const best: { readonly number: number; readonly cosine: number }[][] = questions.map(() => [])
  for (let number = tenant.first; number < tenant.first + tenant.size; number++) {
    if (!isReadable(number)) continue
    const vector = vectors.of(number)
    for (const [at, question] of questions.entries()) {
      const top = best[at] ?? []
      const cosine = product(vector, question.vector)
      if (top.length === TOP && cosine <= (top.at(-1)?.cosine ?? 0)) continue
      top.push({ number, cosine })
      top.sort((a, b) => b.cosine - a.cosine)
      if (top.length > TOP) top.pop()
    }
  }
  return best.map(top => top.map(({ number }) => number))
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number)
  return sum
}

export function shared(found: readonly (number | undefined)[], exact: readonly number[]): number {
  return exact.filter(number => found.includes(number)).length
}

function wanted(exact: readonly (readonly number[])[]): number {
  return exact.reduce((sum, of) => sum + of.length, 0)
}

/** The same scores in the same order; of documents with equal scores either may come first. */
export function areEqual(found: readonly { readonly score: number }[], exact: readonly Scored[]): boolean {
  return (
    found.length === exact.length &&
    found.every(({ score }, at) => Math.abs(score - (exact[at]?.score ?? 0)) < 1e-6)
  )
}
