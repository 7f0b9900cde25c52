// list_versions: every version a document ever had, newest first; citations keep opening all of them.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { documentId, documentNotFound } from '../fields/document-id.ts'

interface Row {
  readonly version: number
  readonly title: string
  readonly format: 'text' | 'markdown'
  readonly characters: number
  readonly warnings: string[]
  readonly created_at: Date
  readonly is_current: boolean
  readonly size: bigint | null
  readonly sha256: Uint8Array | null
}

const Version = z.strictObject({
  version: z.int(),
  is_current: z.boolean(),
  title: z.string(),
  format: z.enum(['text', 'markdown']),
  characters: z.int().describe('Length of its text in UTF-16 code units.'),
  warnings: z.array(z.string()),
  created_at: z.iso.datetime(),
  original: z
    .strictObject({ size: z.int(), sha256: z.string() })
    .optional()
    .describe('The file it was read from, where one was uploaded: read_original gives it.'),
})

export function listVersions() {
  return defineOperation({
    name: 'list_versions',
    title: 'List the versions of a document',
    description: 'Lists the versions of a document, newest first. Pass next as before for the next page.',
    realm: 'tenant',
    access: 'read',
    tool: false,
    uncounted: true,
    scope: 'documents:read',
    input: z.strictObject({
      document_id: documentId,
      before: z.int().min(1).max(2_147_483_647).optional().describe('Only versions before this one.'),
      limit: z.int().min(1).max(100).default(100),
    }),
    output: z.strictObject({
      versions: z.array(Version),
      next: z.int().optional().describe('Absent on the last page.'),
    }),
    async run({ document_id, before, limit }, call) {
      const documentId = document_id.toLowerCase()
      call.about(`document:${documentId}`)
      const [rows] = await call.readBatch([
        page(call.principal.tenantId, { documentId, before, rows: limit + 1 }),
      ])
      if (rows.length === 0 && before === undefined) throw documentNotFound()
      const last = rows.length > limit ? rows[limit - 1] : undefined
      return {
        versions: rows.slice(0, limit).map(shown),
        ...(last === undefined ? {} : { next: last.version }),
      }
    },
  })
}

interface Page {
  readonly documentId: string
  readonly before: number | undefined
  readonly rows: number
}

function page(tenantId: string, { documentId, before, rows }: Page) {
  return sql<Row>`
    select v.version, v.version = d.current_version as is_current, v.title, v.format, v.characters, v.warnings,
      v.created_at, b.received as size, b.sha256
    from app.document d
    join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id
    left join app.blob b on b.tenant_id = v.tenant_id and b.id = v.blob_id and b.sha256 is not null
    where d.tenant_id = ${tenantId} and d.id = ${documentId}
      and (${before ?? null}::int is null or v.version < ${before ?? null}::int)
    order by v.version desc limit ${rows}`
}

function shown({ size, sha256, created_at, ...row }: Row): z.input<typeof Version> {
  return {
    ...row,
    created_at: created_at.toISOString(),
    ...(size === null || sha256 === null
      ? {}
      : { original: { size: Number(size), sha256: Buffer.from(sha256).toString('hex') } }),
  }
}
