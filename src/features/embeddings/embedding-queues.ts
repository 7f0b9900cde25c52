// The queues of embeddings, and how their jobs are ordered.
import type { Writer } from '../../platform/db/database.ts'
import { queue } from '../../platform/jobs/queue.ts'
import { sendJob } from '../../platform/jobs/send-job.ts'

/** Embeds what a tenant has pending. */
export const embedChunks = queue('embed_chunks')
/** Makes a tenant's chunks pending for the model that is being filled. */
export const fillModel = queue('fill_model')
/** Lets the filled model answer, when it is filled. */
export const switchModel = queue('switch_model')
/** Builds the indexes that a tenant's vectors are due. */
export const buildIndex = queue('build_vector_index')
/** Drops the tables of retired models. */
export const dropModel = queue('drop_model')

/** Whom the deployment's own jobs name: no tenant has this id. */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000'

/** To be called in the transaction that makes chunks pending or visible, and as late in it as can be. */
export async function orderEmbedding(tx: Writer, tenantId: string, afterMs = 0): Promise<void> {
  await sendJob(tx, embedChunks, { tenantId }, { singleton: true, afterMs })
}
