// The background work of embeddings. A tenant's job ends after a few batches and goes to the end of the queue, so that
// tenants take turns; it is put off, never given up, while an embedder is away.
import type { Database, OwnerDatabase, Reader, Writer } from '../../platform/db/database.ts'
import { Fault } from '../../platform/faults.ts'
import type { JobWorkers } from '../../platform/jobs/job-workers.ts'
import { sendJob } from '../../platform/jobs/send-job.ts'
import { isBeingSent } from '../../platform/jobs/sending.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { dropRetired } from './change/drop-retired.ts'
import { fillTenant } from './change/fill-tenant.ts'
import { switchWhenFilled } from './change/switch-when-filled.ts'
import { countPending, embedBatches, modelsToEmbed, type EmbeddedPending } from './embed-pending.ts'
import { buildIndex, dropModel, embedChunks, fillModel, switchModel } from './embedding-queues.ts'
import { buildIndexes } from './index/build-indexes.ts'
import { INDEXED_FROM } from './index/due-indexes.ts'
import { orderIndexes, orderMissingIndexes } from './index/order-indexes.ts'
import { outages } from './outages.ts'
import { moneyReason } from './paid/money-reason.ts'
import { embeddersPaidBy, type PaidEmbeddings } from './paid/paid-embeddings.ts'
import { growingPauses } from './pauses.ts'
import { noteWaiting } from './pending-chunks.ts'

/** A turn: some 250 chunks, or five seconds with a slow model. */
const TURN = { maxBatches: 8, maxMs: 5_000 }
/** For a transaction that has sent its job and not committed yet. */
const COMMIT_MS = 500

export interface EmbeddingWork extends PaidEmbeddings {
  readonly database: Database
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Tenants embedded at a time by this process; 2 by default. */
  readonly concurrency?: number
  /** From how many vectors on a tenant gets an index; as suits the engine by default. */
  readonly indexedFrom?: number
}

export async function workEmbeddingJobs(
  workers: JobWorkers,
  { database, log, concurrency = 2, indexedFrom = INDEXED_FROM[database.engine], ...paying }: EmbeddingWork,
): Promise<void> {
  const report = outages(log)
  const pauses = growingPauses()
  const embed = async (
    { tenantId }: { readonly tenantId: string },
    { signal }: { readonly signal: AbortSignal },
  ) => {
    const scope = {
      tenantId,
      subject: 'gatehouse:embedder',
      reads: 'all',
      signal,
      isBackground: true,
    } as const
    const read = <T>(fn: (tx: Reader) => Promise<T>) => database.readAs(scope, fn)
    const write = <T>(fn: (tx: Writer) => Promise<T>) => database.writeAs(scope, fn)
    const open = embeddersPaidBy(tenantId, paying)
    const done = await embedBatches({ ...TURN, tenantId, read, write, open, signal })
    report(done)
    const pauseMs = isStuck(done) ? pauses.grow(tenantId) : 0
    if (pauseMs === 0) pauses.reset(tenantId)
    await write(async tx => {
      if (done.embedded > 0) await orderIndexes(tx, tenantId, indexedFrom)
      await noteUnpaid(tx, tenantId, done)
      await goOn(tx, tenantId, pauseMs)
    })
  }
  await workers.work(
    embedChunks,
    (payload, job) =>
      embed(payload, job).catch((error: unknown) => {
        // Of a suspended tenant it is put off until somebody resumes it; a removed one's jobs go with it.
        if (error instanceof Fault && error.reason === 'tenant_inactive') pauses.reset(payload.tenantId)
        throw error
      }),
    { concurrency },
  )
}

/**
 * Only a process with the owner's login can change models and build indexes. `givePartitions` gives a tenant what
 * tables it lacks.
 */
export async function workModelChanges(
  workers: JobWorkers,
  {
    owner,
    givePartitions,
    graceMs,
    indexedFrom = INDEXED_FROM[owner.engine],
  }: {
    readonly owner: OwnerDatabase
    readonly givePartitions: (tenantId: string) => Promise<unknown>
    /** How long the tables of a retired model stay, for searches under way; a minute by default. */
    readonly graceMs?: number
    readonly indexedFrom?: number
  },
): Promise<void> {
  await workers.work(fillModel, ({ tenantId }) => fillTenant(owner, tenantId, givePartitions))
  await workers.work(switchModel, () => switchWhenFilled(owner, givePartitions, graceMs, indexedFrom))
  await workers.work(dropModel, () => dropRetired(owner, graceMs))
  await workers.work(buildIndex, ({ tenantId }) => buildIndexes(owner, tenantId, indexedFrom))
  await orderMissingIndexes(owner, indexedFrom)
}

/** Nothing was got done, because it could not be: asking again at once would bring the same. */
function isStuck({ embedded, failed, away }: Omit<EmbeddedPending, 'left'>): boolean {
  return embedded === 0 && (away.length > 0 || failed > 0)
}

/** For whoever asks why nothing happens. The job comes again by itself, or at once when there is money. */
async function noteUnpaid(
  tx: Writer,
  tenantId: string,
  { away, models }: Awaited<ReturnType<typeof embedBatches>>,
): Promise<void> {
  for (const { number, name } of models) {
    const reason = moneyReason(away.find(({ model }) => model === name)?.error)
    if (reason !== undefined) await noteWaiting(tx, { tenant_id: tenantId, model_number: number }, reason)
  }
}

/** Looks for the last time; a job sent while this one ran is waiting by itself. */
async function goOn(tx: Writer, tenantId: string, pauseMs: number): Promise<void> {
  const isMoreToCome = await isBeingSent(tx, embedChunks, tenantId)
  let left = 0
  for (const { number } of await modelsToEmbed(tx, tenantId))
    left += await countPending(tx, { tenant_id: tenantId, model_number: number })
  if (left === 0 && !isMoreToCome) return
  const afterMs = pauseMs > 0 ? pauseMs : left === 0 ? COMMIT_MS : 0
  await sendJob(tx, embedChunks, { tenantId }, { singleton: true, afterMs })
}
