// hybrid_search: words and vectors together, in one exchange with the database.
import { z } from 'zod'
import type { ReadCall } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { conditionsOf, documentFilter } from '../documents/list-documents.ts'
import { answer } from './ranking/answer.ts'
import { lexical, queryTerms } from './branches/lexical.ts'
import { nearest } from './branches/nearest.ts'
import { embedQuery, type SearchModel } from './embed/embed-query.ts'
import { SearchAnswer } from './search-answer.ts'
import { limit, query, question } from './search-input.ts'
import { weigh } from './ranking/weigh.ts'

// A bound, so that the sum of two weights is a number that divides.
const weight = z.number().min(0).max(1_000).optional()

export interface HybridSearchDeps {
  /** The model that answers searches now; asked once a search. */
  readonly servingModel: () => Promise<SearchModel>
  /** How long a search waits for its vector; 300 ms by default. */
  readonly embedWithinMs?: number
}

export function hybridSearch({ servingModel, embedWithinMs = 300 }: HybridSearchDeps) {
  return defineOperation({
    name: 'hybrid_search',
    title: 'Search by words and by likeness',
    description:
      'Finds the passages of your documents that best answer a query, by exact words (BM25) and by likeness of vectors together. ' +
      'Use it first; search_documents looks for words only.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({
      query,
      limit,
      filter: documentFilter.optional(),
      bm25_weight: weight.describe(
        'How much words count against vectors; 0.5 each when both are left out or 0.',
      ),
      vector_weight: weight.describe('How much vectors count; left out beside a bm25_weight it is 0.'),
    }),
    output: SearchAnswer,
    async run(input, call: ReadCall) {
      const asked = question(input.query)
      const conditions = conditionsOf(input.filter)
      const weights = weigh(input.bm25_weight, input.vector_weight)
      // Before the transaction: nothing may wait for a model while it holds a connection.
      const model = await servingModel()
      const { signal } = call
      const embedded = await embedQuery(model, {
        query: asked.query,
        weights,
        withinMs: embedWithinMs,
        signal,
      })
      const words = embedded.weights.bm25 > 0 ? asked.query : ''
      const { tenantId } = call.principal
      const [terms, byWords, byVector] = await call.readBatch([
        queryTerms(tenantId, words),
        lexical(tenantId, words, { model: model.number, conditions }),
        nearest(tenantId, embedded.vector, { model: model.number, conditions }),
      ])
      return answer({ ...asked, ...embedded, tenantId, limit: input.limit, terms, byWords, byVector })
    },
  })
}
