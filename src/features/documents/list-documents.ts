// list_documents: what there is, newest first, page by page; all of it, or what a filter asks for.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { conditionsOf, documentFilter } from './fields/document-filter.ts'
import { cursorAt, idOf } from './fields/page-cursor.ts'
import { describeDocument, Described, type DocumentRow } from './fields/described-document.ts'

/** A search is narrowed like a list. */
export { conditionsOf, documentFilter }

export function listDocuments() {
  return defineOperation({
    name: 'list_documents',
    title: 'List the documents',
    description:
      'Lists the documents of the tenant, newest first. Pass next_cursor as cursor for the next page.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    input: z.strictObject({
      filter: documentFilter.optional(),
      limit: z.int().min(1).max(100).default(20).describe('How many documents at most.'),
      cursor: z.string().max(200).optional().describe('The next_cursor of the page before.'),
    }),
    output: z.strictObject({
      documents: z.array(z.strictObject(Described)),
      next_cursor: z.string().optional().describe('Absent on the last page.'),
    }),
    async run({ filter, limit, cursor }, call) {
      const after = cursor === undefined ? null : idOf('documents', cursor)
      const conditions = conditionsOf(filter)
      const [rows] = await call.readBatch([
        page(call.principal.tenantId, { after, conditions, rows: limit + 1 }),
      ])
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        documents: rows.slice(0, limit).map(describeDocument),
        ...(last === undefined ? {} : { next_cursor: cursorAt('documents', last.id) }),
      }
    },
  })
}

interface Page {
  readonly after: string | null
  readonly conditions: string | null
  readonly rows: number
}

/** One row too many tells of a next page. */
function page(tenantId: string, { after, conditions, rows }: Page) {
  return sql<DocumentRow>`
    select id, external_id, title, name, format, file_type, language, labels, collection, metadata, current_version,
      created_at, updated_at
    from app.document
    where tenant_id = ${tenantId} and (${after}::uuid is null or id < ${after}::uuid)
      and (${conditions}::jsonb is null
        or current_version_id in (select version_id from app.matching_versions(${tenantId}, ${conditions}::jsonb)))
    order by id desc
    limit ${rows}`
}
