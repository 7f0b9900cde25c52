// upload_blob: takes the bytes of a file in, piece by piece; what was received stays when a connection breaks.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { appendToBlob, completeBlob, createBlob, sweepBlobs } from '../../platform/blobs/blobs.ts'
import { fault } from '../../platform/faults.ts'
import { isBase64, MAX_INLINE_BASE64 } from './fields/document-source.ts'

const SWEPT_AFTER_HOURS = 24

export interface UploadBlobDeps {
  readonly maxFileBytes: number
}

export function uploadBlob({ maxFileBytes }: UploadBlobDeps) {
  return defineOperation({
    name: 'upload_blob',
    title: 'Upload a file',
    description:
      'Takes a file in, in pieces of at most 1 MiB; then pass its blob_id to add_document. The first call leaves blob_id out. ' +
      'What nobody adds may be forgotten after a day.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    input: z.strictObject({
      blob_id: z.guid('must be a UUID').optional().describe('Left out in the first call, which makes one.'),
      offset: z.int().min(0).default(0).describe('Where the piece starts: as many bytes as were received.'),
      data: z
        .string()
        .max(MAX_INLINE_BASE64)
        .describe('The piece, in base64; may be empty in the last call.'),
      is_last: z.boolean().default(false).describe('Whether the file ends with this piece.'),
    }),
    output: z.strictObject({
      blob_id: z.string(),
      received: z.int().describe('Bytes so far; the next piece starts here.'),
      complete: z.boolean(),
      sha256: z.string().optional().describe('Of the whole file, once it is complete.'),
    }),
    async run({ blob_id, offset, data, is_last }, call) {
      if (!isBase64(data)) throw unfit('data', 'data must be base64 (RFC 4648, with padding)')
      const bytes = Buffer.from(data, 'base64')
      if (offset + bytes.length > maxFileBytes)
        throw unfit('offset', `a file must have at most ${maxFileBytes} bytes`)
      const { tenantId } = call.principal
      const { blobId, received } = await call.write(async tx => {
        if (blob_id === undefined) await sweepBlobs(tx, tenantId, { olderThanHours: SWEPT_AFTER_HOURS })
        const id = blob_id?.toLowerCase() ?? (await createBlob(tx, tenantId))
        call.about(`blob:${id}`)
        return { blobId: id, received: await appendToBlob(tx, { tenantId, blobId: id }, offset, bytes) }
      })
      if (!is_last) return { blob_id: blobId, received, complete: false }
      const doors = { read: call.read, write: call.write }
      const { sha256 } = await completeBlob(doors, { tenantId, blobId })
      return { blob_id: blobId, received, complete: true, sha256 }
    },
  })
}

function unfit(field: string, message: string) {
  return fault('invalid_input', { say: message, issues: [{ field, message }] })
}
