// retry_ingestion: takes a file that failed up again, as it was brought; it counts as brought now.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { asFault, fault } from '../../platform/faults.ts'
import { blobFacts, type BlobKey } from '../../platform/blobs/blobs.ts'
import type { Reader } from '../../platform/db/database.ts'
import { readsOf } from '../../gate/roles.ts'
import { visibleOf } from './access/visible-ingestions.ts'
import { acceptIngestion, ingestionNotFound, lockIngestion } from './ingest/ingestion.ts'

export function retryIngestion() {
  return defineOperation({
    name: 'retry_ingestion',
    title: 'Try a failed file again',
    description: 'Starts a failed ingestion anew with the same file and answers with the id of the new one.',
    realm: 'tenant',
    access: 'write',
    scope: 'documents:write',
    input: z.strictObject({ ingestion_id: z.guid('must be a UUID') }),
    output: z.strictObject({ ingestion_id: z.string(), status: z.literal('accepted') }),
    async run({ ingestion_id }, call) {
      const { tenantId, subject } = call.principal
      call.about(`ingestion:${ingestion_id.toLowerCase()}`)
      const id = await call.write(async tx => {
        const failed = await lockIngestion(tx, tenantId, ingestion_id)
        const isShown = (await visibleOf(tx, call.principal, [ingestion_id])).size > 0
        if (failed === undefined || !isShown) throw ingestionNotFound()
        if (failed.state !== 'failed') throw notFailed(failed.state)
        // Asked again: the answer that was lost.
        if (failed.retriedAs !== null) return failed.retriedAs
        const { blobId, url, request, documentId } = failed
        if (url === null && blobId !== null && !(await isThere(tx, { tenantId, blobId }))) throw fileGone()
        const accepted = await acceptIngestion(tx, {
          tenantId,
          subject,
          // A web address is fetched anew.
          source: url === null ? { blobId, url } : { blobId: null, url },
          request: { ...request, reads: readsOf(call.principal) },
          documentId,
        })
        await tx.run(sql`
          update app.ingestion set retried_as = ${accepted} where tenant_id = ${tenantId} and id = ${ingestion_id}`)
        return accepted
      })
      return { ingestion_id: id, status: 'accepted' as const }
    },
  })
}

function isThere(tx: Reader, blob: BlobKey): Promise<boolean> {
  return blobFacts(tx, blob).then(
    () => true,
    (error: unknown) => {
      if (asFault(error).code === 'not_found') return false
      throw error
    },
  )
}

function notFailed(state: string) {
  return fault('conflict', {
    reason: 'not_failed',
    say: `Only a failed ingestion can be tried again; this one is ${state}.`,
  })
}

function fileGone() {
  return fault('conflict', {
    reason: 'file_gone',
    say: 'The file of this ingestion is gone: a file that failed is kept for a day. Upload it again.',
  })
}
