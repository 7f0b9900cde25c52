// search_documents: words only, in one exchange with the database.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { conditionsOf, documentFilter } from '../documents/list-documents.ts'
import { answer } from './ranking/answer.ts'
import { lexical, queryTerms } from './branches/lexical.ts'
import { SearchAnswer } from './search-answer.ts'
import { limit, query, question } from './search-input.ts'

export function searchDocuments() {
  return defineOperation({
    name: 'search_documents',
    title: 'Search by words',
    description:
      'Finds the passages of your documents that hold the words of a query, best first (BM25). ' +
      'Use it for names, numbers and exact terms; hybrid_search also finds what is spelled differently.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({ query, limit, filter: documentFilter.optional() }),
    output: SearchAnswer,
    async run(input, call) {
      const asked = question(input.query)
      const { tenantId } = call.principal
      const [terms, byWords] = await call.readBatch([
        queryTerms(tenantId, asked.query),
        lexical(tenantId, asked.query, { conditions: conditionsOf(input.filter) }),
      ])
      const weights = { bm25: 1, vector: 0 }
      return answer({ ...asked, tenantId, weights, limit: input.limit, terms, byWords, byVector: [] })
    },
  })
}
