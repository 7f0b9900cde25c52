// read_original: the file that a version of a document was read from, piece by piece, byte for byte as it was uploaded.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { blobPiece } from '../../../platform/blobs/blob-piece.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { documentId, documentNotFound } from '../fields/document-id.ts'

interface Row {
  readonly version: number | null
  readonly blob_id: string | null
  readonly size: bigint | null
  readonly sha256: Uint8Array | null
}

interface Original {
  readonly version: number
  readonly blobId: string
  readonly size: number
  readonly sha256: string
}

export function readOriginal() {
  return defineOperation({
    name: 'read_original',
    title: 'Read the original file of a document',
    description:
      'Returns the file that a document was read from, in pieces of at most 1 MiB; follow next_offset to its end.',
    realm: 'tenant',
    access: 'read',
    tool: false,
    scope: 'documents:read',
    input: z.strictObject({
      document_id: documentId,
      version: z.int().min(1).max(2_147_483_647).optional().describe('The current version by default.'),
      offset: z.int().min(0).default(0).describe('Where the piece begins, in bytes.'),
    }),
    output: z.strictObject({
      document_id: z.string(),
      version: z.int(),
      size: z.int().describe('Of the whole file, in bytes.'),
      sha256: z.string().describe('Of the whole file.'),
      offset: z.int(),
      data: z.string().describe('The piece, in base64.'),
      next_offset: z.int().optional().describe('Absent at the end of the file.'),
    }),
    async run({ document_id, version, offset }, call) {
      const documentId = document_id.toLowerCase()
      call.about(`document:${documentId}`)
      const { tenantId } = call.principal
      return call.read(async tx => {
        const { blobId, ...original } = await originalOf(tx, { tenantId, documentId, version })
        if (offset > original.size) throw beyond(original.size)
        const bytes =
          offset === original.size ? new Uint8Array() : await blobPiece(tx, { tenantId, blobId }, offset)
        const next = offset + bytes.length
        return {
          document_id: documentId,
          ...original,
          offset,
          data: Buffer.from(bytes).toString('base64'),
          ...(next < original.size ? { next_offset: next } : {}),
        }
      })
    },
  })
}

interface Wanted {
  readonly tenantId: string
  readonly documentId: string
  readonly version: number | undefined
}

async function originalOf(tx: Reader, { tenantId, documentId, version }: Wanted): Promise<Original> {
  const row = await tx.first(sql<Row>`
    select v.version, b.id as blob_id, b.received as size, b.sha256
    from app.document d
    left join app.document_version v on v.tenant_id = d.tenant_id and v.document_id = d.id
      and v.version = coalesce(${version ?? null}::int, d.current_version)
    left join app.blob b on b.tenant_id = v.tenant_id and b.id = v.blob_id and b.sha256 is not null
    where d.tenant_id = ${tenantId} and d.id = ${documentId}`)
  if (row === undefined) throw documentNotFound()
  const { blob_id: blobId, size, sha256 } = row
  if (row.version === null)
    throw fault('not_found', { reason: 'no_such_version', say: 'The document has no such version.' })
  if (blobId === null || size === null || sha256 === null) {
    throw fault('not_found', {
      reason: 'no_original',
      say: 'This version was handed in as text: retrieve_document has all there is of it.',
    })
  }
  return { version: row.version, blobId, size: Number(size), sha256: Buffer.from(sha256).toString('hex') }
}

function beyond(size: number) {
  const message = `offset must be at most ${size}, the size of the file`
  return fault('invalid_input', { say: message, issues: [{ field: 'offset', message }] })
}
