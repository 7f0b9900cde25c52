// list_documents: what there is, newest first, page by page.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import type { DocumentFormat } from './chunk.ts'

interface Row {
  readonly id: string
  readonly external_id: string | null
  readonly title: string
  readonly format: DocumentFormat
  readonly labels: string[]
  readonly current_version: number
  readonly created_at: Date
  readonly updated_at: Date
}

const Listed = z.strictObject({
  document_id: z.string(),
  title: z.string(),
  format: z.enum(['text', 'markdown']),
  external_id: z.string().optional(),
  labels: z.array(z.string()),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

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
      limit: z.int().min(1).max(100).default(20).describe('How many documents at most.'),
      cursor: z.string().max(200).optional().describe('The next_cursor of the page before.'),
    }),
    output: z.strictObject({
      documents: z.array(Listed),
      next_cursor: z.string().optional().describe('Absent on the last page.'),
    }),
    async run({ limit, cursor }, call) {
      const after = cursor === undefined ? null : idOf(cursor)
      const [rows] = await call.readBatch([page(call.principal.tenantId, after, limit + 1)])
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        documents: rows.slice(0, limit).map(listed),
        ...(last === undefined ? {} : { next_cursor: cursorAt(last.id) }),
      }
    },
  })
}

/** Ids are UUIDs of version 7: their order is the order of creation. One row too many tells of a next page. */
function page(tenantId: string, after: string | null, rows: number) {
  return sql<Row>`
    select id, external_id, title, format, labels, current_version, created_at, updated_at
    from app.document
    where tenant_id = ${tenantId} and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc
    limit ${rows}`
}

function listed({
  id,
  external_id,
  current_version,
  created_at,
  updated_at,
  ...document
}: Row): z.input<typeof Listed> {
  return {
    ...document,
    document_id: id,
    ...(external_id === null ? {} : { external_id }),
    version: current_version,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}

// Opaque to callers, so that the order may change; the prefix tells an old cursor from a new one.
const CURSOR = /^documents\.1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

function cursorAt(id: string): string {
  return Buffer.from(`documents.1.${id}`).toString('base64url')
}

function idOf(cursor: string): string {
  const id = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1]
  // Node decodes base64url leniently: only the spelling we gave out is taken.
  if (id !== undefined && cursorAt(id) === cursor) return id
  const message =
    'cursor is not one that list_documents gave out; leave it out to start with the newest document'
  throw fault('invalid_input', { say: message, issues: [{ field: 'cursor', message }] })
}
