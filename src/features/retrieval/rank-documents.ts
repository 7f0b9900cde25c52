// rank_documents: how words and vectors rank documents, each for itself and deeper than a search shows. For
// evaluations, which weigh and cut the rankings themselves.
import { z } from 'zod'
import type { ReadCall } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { conditionsOf, documentFilter } from '../documents/list-documents.ts'
import type { BranchRow } from './branches/branch-rows.ts'
import { findCandidates, type Candidates, type FindingDeps } from './find-candidates.ts'
import { readQuery } from './query/read-query.ts'
import { query as queryText, question } from './search-input.ts'

/** Nobody waits at a screen: a query without its vector would be measured as a bad ranking. */
const EMBED_WITHIN_MS = 30_000

const place = {
  document_id: z.string(),
  external_id: z.string().nullable().describe('Your own key of the document, if it has one.'),
  rank: z.int().min(1),
  score: z.number(),
}

const Ranking = z.strictObject({
  query: z.string(),
  words: z
    .array(z.strictObject({ ...place, has_vector: z.boolean(), citation_score: z.number() }))
    .describe(
      'By Okapi BM25, best first. has_vector: whether vectors could find the document, too. citation_score: what of the score a citation found to the letter brings.',
    ),
  vectors: z.array(z.strictObject(place)).describe('By cosine similarity, best first.'),
  degraded: z.string().optional().describe('Present when the query has no vector, and why.'),
  milliseconds: z.number().describe('For the whole query: its vector and both rankings.'),
})

export type Ranking = z.output<typeof Ranking>

export type RankDocumentsDeps = Pick<FindingDeps, 'servingModel' | 'sizes'>

export function rankDocuments({ servingModel, sizes }: RankDocumentsDeps) {
  return defineOperation({
    name: 'rank_documents',
    title: 'Rank documents for an evaluation',
    description:
      'Ranks documents for several queries by words and by vectors, each for itself, without their texts.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    tool: false,
    input: z.strictObject({
      queries: z.array(queryText).min(1).max(32),
      depth: z.int().min(1).max(1_000).default(100).describe('Documents at most in each ranking.'),
      filter: documentFilter.optional(),
    }),
    output: z.strictObject({
      embedding_model: z
        .string()
        .optional()
        .describe('The model of the vectors; absent when no query has one.'),
      rankings: z.array(Ranking).describe('In the order of the queries.'),
    }),
    async run({ queries, depth, filter }, call: ReadCall) {
      // Without the vectors of earlier queries: the time of a query is all its own.
      const deps = { servingModel, sizes, embedWithinMs: EMBED_WITHIN_MS }
      const conditions = conditionsOf(filter)
      const found: Found[] = []
      for (const text of queries) {
        const { query } = question(text)
        const started = performance.now()
        const candidates = await findCandidates(call, deps, {
          query: readQuery(query),
          weights: { bm25: 0.5, vector: 0.5 },
          conditions,
          candidates: depth,
          exact: depth,
        })
        found.push({ query, candidates, milliseconds: performance.now() - started })
      }
      const names = await externalIds(call, found)
      const embeddingModel = found.find(({ candidates }) => candidates.embeddingModel !== undefined)
        ?.candidates.embeddingModel
      return {
        ...(embeddingModel === undefined ? {} : { embedding_model: embeddingModel }),
        rankings: found.map(one => described(one, names)),
      }
    },
  })
}

interface Found {
  readonly query: string
  readonly candidates: Candidates
  readonly milliseconds: number
}

/** By document; not part of a search, so asked beside the time that is measured. */
async function externalIds(call: ReadCall, found: readonly Found[]): Promise<Map<string, string | null>> {
  const ids = new Set(
    found.flatMap(({ candidates: { byWords, byVector } }) =>
      [...byWords, ...byVector].map(row => row.document_id),
    ),
  )
  const [rows] = await call.readBatch([
    sql<{ id: string; external_id: string | null }>`
      select id, external_id from app.document
      where tenant_id = ${call.principal.tenantId} and id = any(${[...ids]}::uuid[])`,
  ])
  return new Map(rows.map(row => [row.id, row.external_id]))
}

function described(
  { query, candidates: { byWords, byVector, degraded }, milliseconds }: Found,
  names: ReadonlyMap<string, string | null>,
): Ranking {
  const placed = ({ document_id, rank: at, score }: BranchRow) => ({
    document_id,
    external_id: names.get(document_id) ?? null,
    rank: at,
    score,
  })
  return {
    query,
    words: byWords.map(row => ({
      ...placed(row),
      has_vector: row.has_vector,
      citation_score: row.citation_score ?? 0,
    })),
    vectors: byVector.map(placed),
    ...(degraded === undefined ? {} : { degraded }),
    milliseconds,
  }
}
