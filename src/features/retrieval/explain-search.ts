// explain_search: why a document is where it is in a search, or why it is not there. The search is made as it is for
// everybody; then the one document is looked at from all sides, exactly.
import { z } from 'zod'
import type { ReadCall } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { storableText } from '../../platform/storable-text.ts'
import { conditionsOf, documentFilter } from '../documents/list-documents.ts'
import { documentNotFound } from '../documents/retrieve-document.ts'
import { documentStanding } from './missing/document-standing.ts'
import { REASON_CODES, reasons, verdict } from './missing/reasons.ts'
import type { Standing, VectorStanding, WordStanding } from './missing/standing.ts'
import { idfOf } from './query/known-words.ts'
import { readQuery } from './query/read-query.ts'
import { weigh } from './ranking/weigh.ts'
import { findRanked, type Ranking, type SearchDeps } from './search.ts'
import { limit, query as queryText, question, weight } from './search-input.ts'

const Explanation = z.strictObject({
  document_id: z.string(),
  external_id: z.string().nullable(),
  title: z.string(),
  query: z.string(),
  found: z.boolean().describe('Whether it is among the hits that were asked for.'),
  place: z
    .int()
    .optional()
    .describe('In everything that was ranked, also beyond limit; absent when not in it.'),
  score: z.number().optional(),
  last_shown_score: z.number().optional().describe('Of the last hit; absent when there is none.'),
  verdict: z.string().describe('One sentence for a person.'),
  reasons: z
    .array(z.strictObject({ code: z.enum(REASON_CODES), say: z.string() }))
    .describe('Heaviest first.'),
  words: z
    .strictObject({
      rank: z.int().optional().describe('Exact; absent when it holds none of the words, or is left out.'),
      score: z.number().optional().describe('Okapi BM25 of its best passage.'),
      documents: z.int().describe('Documents that have a rank.'),
      terms: z.array(
        z.strictObject({
          term: z.string(),
          tf: z.int().describe('How often it stands in the best passage, with title and headings.'),
          passages: z.int().describe('Passages of the document that hold it.'),
          df: z.int().optional().describe('Passages of the tenant that hold it, with scope statistics:read.'),
          idf: z.number().optional(),
        }),
      ),
      missing: z.array(z.string()).describe('Words of the query that the best passage does not hold.'),
    })
    .optional()
    .describe('Absent when words were not asked for.'),
  vector: z
    .strictObject({
      rank: z.int().optional().describe('Exact; absent when it is not like the query, or left out.'),
      similarity: z.number().optional().describe('Cosine of its nearest passage.'),
      documents: z.int().describe('Documents that have a rank.'),
      has_vector: z.boolean(),
      passages: z.int(),
      passages_pending: z.int().describe('Passages whose vector is still to be made.'),
    })
    .optional()
    .describe('Absent when likeness was not asked for.'),
  corrections: z.array(z.strictObject({ from: z.string(), to: z.string() })).optional(),
  degraded: z.string().optional(),
})

export type Explanation = z.input<typeof Explanation>

export function explainSearch(deps: SearchDeps) {
  return defineOperation({
    name: 'explain_search',
    title: 'Explain where a document is in a search',
    description: 'Tells why a document is where it is in the hits of a search, or why it is not among them.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    tool: false,
    // It reads what a search leaves unread.
    weight: 5,
    input: z.strictObject({
      query: queryText,
      document: z.string().min(1).max(500).describe('Its document id or your own external_id.'),
      limit,
      filter: documentFilter.optional(),
      bm25_weight: weight,
      vector_weight: weight,
    }),
    output: Explanation,
    async run(input, call) {
      const posed = question(input.query)
      const document = await named(call, input.document)
      call.about(`document:${document.id}`)
      const query = readQuery(posed.query)
      const conditions = conditionsOf(input.filter)
      const asked = { query, conditions, limit: input.limit }
      const weights = weigh(input.bm25_weight, input.vector_weight)
      const ranking = await findRanked(call, deps, { ...asked, weights, explain: false })
      const standing = await documentStanding(call, deps.termsOfWords, { ...asked, document, ranking })
      const withStatistics = call.principal.scopes.has('statistics:read')
      const { id, title, externalId } = document
      return {
        document_id: id,
        external_id: externalId,
        title,
        query: posed.query,
        ...told(standing, withStatistics ? ranking : undefined),
      }
    },
  })
}

interface Named {
  readonly id: string
  readonly title: string
  readonly externalId: string | null
  readonly versionId: string
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** An id goes before an external_id that looks like one. */
async function named({ principal, readBatch }: ReadCall, name: string): Promise<Named> {
  if (storableText(name).cleaned) throw documentNotFound()
  const id = UUID.test(name) ? name : null
  const [[row]] = await readBatch([
    sql<Named>`
      select d.id, d.title, d.external_id as "externalId", d.current_version_id as "versionId"
      from app.document d
      where d.tenant_id = ${principal.tenantId} and (d.id = ${id}::uuid or d.external_id = ${name})
      order by (d.id = ${id}::uuid) is true desc
      limit 1`,
  ])
  if (row === undefined) throw documentNotFound()
  return row
}

function told(standing: Standing, statistics: Ranking | undefined) {
  const { fused, last, words, vector, corrections, degraded } = standing
  const given = reasons(standing)
  return {
    found: fused !== undefined && fused.place <= standing.limit,
    ...(fused && { place: fused.place, score: fused.score }),
    ...(last && { last_shown_score: last.score }),
    verdict: verdict(standing, given),
    reasons: given,
    ...(words && { words: ofWords(words, statistics) }),
    ...(vector && { vector: ofVector(vector) }),
    ...(corrections.length > 0 && { corrections: [...corrections] }),
    ...(degraded !== undefined && { degraded }),
  }
}

function ofWords({ missing, terms, ...words }: WordStanding, statistics: Ranking | undefined) {
  const known = new Map(
    statistics?.words.terms.map((term, at) => {
      const df = statistics.words.dfs[at] ?? 0
      return [term, { df, idf: idfOf(df, statistics.words.passages) }]
    }),
  )
  return { ...words, terms: terms.map(one => ({ ...one, ...known.get(one.term) })), missing: [...missing] }
}

function ofVector({ vectors, pending, ...vector }: VectorStanding) {
  return { ...vector, has_vector: vectors > 0, passages_pending: pending }
}
