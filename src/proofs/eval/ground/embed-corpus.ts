// Makes the vectors of a tenant's passages, as the background work would, and waits for all of them.
import { embedPending } from '../../../features/embeddings/embed-pending.ts'
import { fault } from '../../../platform/faults.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { Embedder } from '../../../platform/models/embedder.ts'
import type { Progress } from './ground.ts'

export interface Embedding {
  readonly tenant: TenantDoors
  readonly open: (model: Embedder['model']) => Embedder
  readonly passages: number
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Batches of 32 between two lines of progress. */
const BATCHES_AT_ONCE = 8

/** Resolves with the number of vectors. Passages that no model can embed stay without. */
export async function embedCorpus({ tenant, open, passages, progress, signal }: Embedding): Promise<number> {
  let vectors = 0
  for (let left = 1; left > 0; ) {
    const done = await embedPending({ ...tenant, open, signal, maxBatches: BATCHES_AT_ONCE })
    if (signal.aborted) throw fault('cancelled')
    const [away] = done.away
    if (away !== undefined) throw away.error
    vectors += done.embedded
    left = done.left
    progress('vectors', vectors, passages)
  }
  return vectors
}
