// Okapi BM25 of every chunk of a tenant, reckoned from the texts themselves: no posting, no stored statistic is read.
import type { BenchDatabase } from '../ground/bench-database.ts'

export interface Scored {
  readonly document: string
  readonly score: number
}

const K1 = 1.2
const B = 0.75

interface Chunk {
  readonly document: string
  readonly length: number
  readonly counts: Readonly<Record<string, number>>
}

/** For each query, the documents that hold one of its words at least, best first. Each document is one chunk here. */
export async function exactWords(
  database: BenchDatabase,
  tenantId: string,
  queries: readonly string[],
): Promise<Scored[][]> {
  const termsOf = await Promise.all(queries.map(query => wordsOf(database, query)))
  const terms = [...new Set(termsOf.flat())]
  const rows = await database.asAdmin(
    `select d.id as document, sum(w.tf)::int as length,
       coalesce(jsonb_object_agg(w.term, w.tf) filter (where w.term = any($2::text[])), '{}') as counts
     from app.document d
     join app.chunk c on c.tenant_id = d.tenant_id and c.version_id = d.current_version_id
     cross join lateral app.words(d.title || E'\\n' || c.heading || E'\\n' || c.content, d.language) w
     where d.tenant_id = $1 group by d.id`,
    [tenantId, terms],
  )
  const chunks = rows as unknown as readonly Chunk[]
  const average = chunks.reduce((sum, { length }) => sum + length, 0) / chunks.length
  const inChunks = new Map(
    terms.map(term => [term, chunks.filter(({ counts }) => counts[term] !== undefined).length]),
  )
  return termsOf.map(of =>
    ranked(chunks, average, new Map(of.map(term => [term, idf(chunks.length, inChunks.get(term) ?? 0)]))),
  )
}

async function wordsOf(database: BenchDatabase, query: string): Promise<string[]> {
  const rows = await database.asAdmin(`select term from app.words($1, 'english')`, [query])
  return rows.map(({ term }) => String(term))
}

function idf(chunks: number, holding: number): number {
  return Math.log(1 + (chunks - holding + 0.5) / (holding + 0.5))
}

function ranked(chunks: readonly Chunk[], average: number, idfs: ReadonlyMap<string, number>): Scored[] {
  const scored = chunks.flatMap(({ document, length, counts }) => {
    let score = 0
    for (const [term, weight] of idfs) {
      const tf = counts[term] ?? 0
      score += (weight * tf * (K1 + 1)) / (tf + K1 * (1 - B + (B * length) / average))
    }
    return score > 0 ? [{ document, score }] : []
  })
  return scored.sort((a, b) => b.score - a.score)
}
