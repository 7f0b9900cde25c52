// Finds out how one document stands to a search that was made: two exchanges with the database, and a third where words
// were corrected.
import type { ReadCall } from '../../../gate/call.ts'
import { sql, sqlFile, sqlFiles } from '../../../platform/db/statements.ts'
import { onVectorsOf } from '../branches/branch-rows.ts'
import { wordsOfDocument, type WordsOfDocumentRow } from '../branches/words-of-document.ts'
import { nearestWords, type Correction } from '../query/correct-query.ts'
import type { ReadQuery } from '../query/read-query.ts'
import { demoteNearDuplicates } from '../ranking/near-duplicates.ts'
import type { FusedRow } from '../ranking/fused-row.ts'
import { shownRow } from '../ranking/shown-row.ts'
import type { TermsOfWords } from '../ranking/word-terms.ts'
import type { Ranking } from '../search.ts'
import { missingWords, typedWords } from './missing-words.ts'
import type { Narrowed, Standing, VectorStanding, WordStanding } from './standing.ts'

export interface StandingOf {
  readonly document: { readonly id: string; readonly versionId: string }
  readonly query: ReadQuery
  /** As `conditionsOf` writes the filter. */
  readonly conditions: string | null
  readonly limit: number
  readonly ranking: Ranking
}

type Caller = Pick<ReadCall, 'principal' | 'readBatch'>

interface VectorRow {
  readonly similarity: number | null
  readonly rank: number | null
  readonly documents: number
  readonly vectors: number
  readonly passages: number
  readonly pending: number
}

interface NarrowingRow {
  readonly kind: Narrowed['kind']
  readonly place: number
  readonly holds: boolean
  readonly chunks: string[] | null
  readonly has: string[] | null
}

type Parameters = Record<string, unknown>
const likenessOf = sqlFiles<Parameters, VectorRow>(import.meta.url, './likeness-of-document.sql')
const narrowingOf = sqlFile<Parameters, NarrowingRow>(import.meta.url, './narrowing-of-document.sql')

export async function documentStanding(
  call: Caller,
  termsOfWords: TermsOfWords,
  of: StandingOf,
): Promise<Standing> {
  const { ranking, limit, query } = of
  const { weights, model, corrections, degraded } = ranking
  const [wordRows, vectorRows, narrowing] = await call.readBatch(statements(call.principal.tenantId, of))
  const [likeness] = vectorRows
  const at = ranking.order.findIndex(({ documentId }) => documentId === of.document.id)
  const own = ranking.order[at]
  const last = ranking.hits.at(-1)
  const copyOf = own !== undefined && at >= ranking.distinct ? original(ranking.order, at) : undefined
  return {
    limit,
    depth: ranking.depth,
    corrections,
    otherwise: await correctedOtherwise(call, of.document.versionId, corrections),
    narrowing: narrowing.map(row => narrowed(row, query, of.conditions)),
    ...(own && {
      fused: {
        place: at + 1,
        score: own.score,
        byWords: own.lexical !== undefined,
        byVector: own.vector !== undefined,
      },
    }),
    ...(last && { last: { score: last.score } }),
    ...(copyOf && { copyOf }),
    ...(weights.bm25 > 0 && { words: await wordStanding(call, termsOfWords, ranking, wordRows) }),
    ...(model !== undefined && likeness !== undefined && { vector: vectorStanding(likeness) }),
    ...(degraded !== undefined && { degraded }),
  }
}

function statements(tenantId: string, { document, query, conditions, ranking }: StandingOf) {
  const { phrases, excluded, citations } = query
  const { doubtful } = ranking
  const parts = Object.entries({ conditions, phrases, excluded, citations, doubtful }).flatMap(
    ([part, asked]) => (asked === null || asked.length === 0 ? [] : [part]),
  )
  const parameters = {
    tenant_id: tenantId,
    document_id: document.id,
    version_id: document.versionId,
    query: ranking.weights.bm25 > 0 ? ranking.text : '',
    embedding: ranking.vector,
    model: ranking.model ?? 1,
    conditions,
    phrases: JSON.stringify(phrases),
    excluded: JSON.stringify(excluded),
    citations: JSON.stringify(citations),
    doubtful,
  }
  return [
    wordsOfDocument(parameters, parts),
    onVectorsOf(ranking.model ?? 1, likenessOf(parameters, parts)),
    narrowingOf(parameters),
  ] as const
}

async function wordStanding(
  call: Caller,
  termsOfWords: TermsOfWords,
  { text, words: known }: Ranking,
  rows: readonly WordsOfDocumentRow[],
): Promise<WordStanding> {
  const [first] = rows
  // Not those that only documents closed to the caller hold: of such a word the search says nothing either.
  const terms = rows
    .filter(({ term }) => known.terms.includes(term))
    .map(({ term, tf, passages }) => ({ term, tf, passages }))
  const made = await termsOfWords(call, typedWords(text))
  const termsOf = (word: string): readonly string[] => made.get(word) ?? []
  const isCut = known.known > known.terms.length
  return {
    documents: first?.documents ?? 0,
    terms,
    missing: missingWords(text, terms, { termsOf, isCut }),
    ...(typeof first?.rank === 'number' && { rank: first.rank }),
    ...(typeof first?.score === 'number' && { score: first.score }),
  }
}

function vectorStanding({ similarity, rank, ...counts }: VectorRow): VectorStanding {
  return { ...counts, ...(similarity !== null && { similarity }), ...(rank !== null && { rank }) }
}

function narrowed(row: NarrowingRow, { phrases, excluded }: ReadQuery, conditions: string | null): Narrowed {
  const { kind, holds, place } = row
  const keys = JSON.parse(conditions ?? '[]') as { readonly key: string }[]
  const text =
    kind === 'condition' ? keys[place - 1]?.key : (kind === 'phrase' ? phrases : excluded)[place - 1]?.text
  return { kind, holds, text: text ?? '', chunks: row.chunks ?? [], has: row.has ?? [] }
}

/** The first that stands before the document and says nearly the same. */
function original(order: readonly FusedRow[], at: number): Standing['copyOf'] {
  const copy = order[at]
  if (copy === undefined) return undefined
  for (const [index, other] of order.slice(0, at).entries()) {
    const { demoted } = demoteNearDuplicates([other, copy], one => shownRow(one).content, { cap: 1 })
    if (demoted === 1) return { place: index + 1, title: shownRow(other).title }
  }
  return undefined
}

/** The likeliest word for a misspelled one is not always the one that this document holds. */
async function correctedOtherwise(
  call: Caller,
  versionId: string,
  corrections: readonly Correction[],
): Promise<Standing['otherwise']> {
  if (corrections.length === 0) return []
  const { tenantId } = call.principal
  const [near] = await call.readBatch([
    nearestWords(
      tenantId,
      corrections.map(({ from }) => from),
    ),
  ])
  const [held] = await call.readBatch([
    sql<{ term: string }>`
      select distinct p.term from app.posting p
      where p.tenant_id = ${tenantId} and p.version_id = ${versionId}
        and p.term = any(${near.map(({ term }) => term)}::text[])`,
  ])
  const terms = new Set(held.map(({ term }) => term))
  return corrections.flatMap(({ from, to }) => {
    const own = near.filter(row => row.word === from && terms.has(row.term))
    const [other] = own
    return other === undefined || own.some(({ correction }) => correction === to)
      ? []
      : [{ from, to, held: other.correction }]
  })
}
