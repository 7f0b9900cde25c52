// count_vectors: whether documents are found by likeness yet. Words are searchable when a document is published; the
// vectors of its passages follow in the background.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { documentId } from '../fields/document-id.ts'

interface Row {
  readonly document_id: string
  readonly passages: number
  readonly pending: number
  readonly reason: string | null
}

type Wanted = { tenant_id: string; documents: string[] }
const counted = sqlFile<Wanted, Row>(import.meta.url, './count-vectors.sql')

/** What the tenant can do something about; of the rest the operators hear. */
const REASONS: readonly string[] = ['budget_exceeded', 'price_unknown']

export function countVectors() {
  return defineOperation({
    name: 'count_vectors',
    title: 'Count the vectors of documents',
    description: 'Counts the passages of documents, and those whose vectors are still to be made.',
    realm: 'tenant',
    access: 'read',
    tool: false,
    uncounted: true,
    scope: 'documents:read',
    input: z.strictObject({ documents: z.array(documentId).min(1).max(100) }),
    output: z.strictObject({
      documents: z
        .array(
          z.strictObject({
            document_id: z.string(),
            passages: z.int(),
            pending: z.int().describe('Passages without a vector: words find them, likeness does not.'),
            waits_for: z
              .string()
              .optional()
              .describe('budget_exceeded or price_unknown, where that is known to be why.'),
          }),
        )
        .describe('Those of them that there are.'),
    }),
    async run({ documents }, call) {
      const ids = [...new Set(documents.map(id => id.toLowerCase()))]
      const [rows] = await call.readBatch([counted({ tenant_id: call.principal.tenantId, documents: ids })])
      return { documents: rows.map(shown) }
    },
  })
}

function shown({ reason, ...row }: Row) {
  const isKnown = row.pending > 0 && reason !== null && REASONS.includes(reason)
  return { ...row, ...(isKnown ? { waits_for: reason } : {}) }
}
