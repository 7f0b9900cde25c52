// The background work of a process: tenants made and erased, files read, vectors filled in. Each kind needs its logins;
// what this process was not given is left to another.
import { workTaskJobs } from './features/agents/run/task-jobs.ts'
import { shutOutEnder } from './features/agents/run/end-shut-out.ts'
import type { RunDeps } from './features/agents/run/run-deps.ts'
import { wakeTasks } from './features/agents/run/wake-tasks.ts'
import { startTaskUpkeep } from './features/agents/upkeep/task-upkeep.ts'
import { getTask } from './features/agents/tasks/get-task.ts'
import { startChainer } from './features/audit/chain/start-chainer.ts'
import { closeTenantAudit } from './features/audit/close-tenant-audit.ts'
import { workDocumentJobs } from './features/documents/ingest/ingest-jobs.ts'
import { PARSE_LIMITS } from './features/documents/parse/parse-limits.ts'
import { parserPool } from './features/documents/parse/parser-pool.ts'
import { embedChunks, orderEmbedding } from './features/embeddings/embedding-queues.ts'
import { workEmbeddingJobs, workModelChanges } from './features/embeddings/embedding-jobs.ts'
import { provisionTenant } from './features/tenants/storage/provision-tenant.ts'
import { workTenantJobs } from './features/tenants/tenant-jobs.ts'
import { verifiedErasure } from './features/tenants/erase/verified-erasure.ts'
import { startUpkeep } from './features/usage/upkeep/start-upkeep.ts'
import type { ReadCall } from './gate/call.ts'
import type { callOpener } from './gate/open-call.ts'
import { budgetRaised } from './gate/money/budget-raised.ts'
import type { SpendAs } from './gate/money/spend.ts'
import type { Config } from './platform/config.ts'
import type { Writer } from './platform/db/database.ts'
import type { OpenDatabase } from './platform/db/open-database.ts'
import { tenantDoors } from './platform/db/tenant-doors.ts'
import { hastenJobs } from './platform/jobs/hasten-jobs.ts'
import { startJobWorkers } from './platform/jobs/job-workers.ts'
import type { Embedders } from './platform/models/embedders.ts'
import { fetchPublic } from './platform/outbound/fetch-public.ts'
import { postPublic } from './platform/outbound/public/post-public.ts'
import type { Logger } from './platform/telemetry/logger.ts'

export interface BackgroundWork {
  /** Takes no more jobs and waits for the running ones. */
  stop(): Promise<void>
}

/** What tasks are run with. */
export interface AgentWork extends Pick<RunDeps, 'workflows' | 'hints' | 'grants'> {
  readonly openCall: ReturnType<typeof callOpener>
}

export interface BackgroundWorkDeps {
  readonly opened: OpenDatabase
  readonly models: Embedders
  readonly spendAs: SpendAs
  readonly tasks: AgentWork
  readonly config: Pick<Config, 'ingest' | 'privateWebhookHosts'>
  readonly log: Logger
}

/** The bound of a transaction that publishes: counting the words of a text of hundreds of megabytes takes minutes. */
const PUBLISH_TIMEOUT_MS = 600_000

const TOGETHER_MS = 250

/** Undefined without the worker's login, by which jobs are claimed. */
export async function startBackgroundWork(deps: BackgroundWorkDeps): Promise<BackgroundWork | undefined> {
  const { opened, models, spendAs, config, log } = deps
  const { database, owner, worker } = opened
  if (worker === undefined) return undefined
  const workers = await startJobWorkers({
    engine: worker,
    onProblem: ({ error, ...where }) => log.warn({ err: error, ...where }, 'a background job failed'),
  })
  const { workers: atOnce, maxFileBytes } = config.ingest
  const parser = parserPool({
    size: atOnce,
    limits: { maxStreamedBytes: maxFileBytes, maxBytes: Math.min(maxFileBytes, PARSE_LIMITS.maxBytes) },
  })
  const ingesting = {
    doorsOf: (tenantId: string, subject: string) =>
      tenantDoors(database, {
        tenantId,
        subject,
        reads: 'all',
        timeoutMs: PUBLISH_TIMEOUT_MS,
        isBackground: true,
      }),
    parser,
    fetchPublic,
    maxFileBytes,
    // Files come in numbers: one job for those of a moment, not one for each.
    orderVectors: (tx: Writer, tenantId: string) => orderEmbedding(tx, tenantId, TOGETHER_MS),
  }
  await workDocumentJobs(workers, ingesting, atOnce)
  await workEmbeddingJobs(workers, { database, open: models.open, spendAs, log })
  if (owner !== undefined) {
    const closeAudit = (tenantId: string) => closeTenantAudit(owner, tenantId)
    await workTenantJobs(workers, owner, verifiedErasure({ owner, database, closeAudit }))
    await workModelChanges(workers, {
      owner,
      givePartitions: tenantId => provisionTenant(owner, tenantId),
    })
  }
  const tasks = taskRuns(deps)
  await workTaskJobs(workers, tasks)
  // What was put off for want of money.
  await workers.work(budgetRaised, async ({ tenantId }) => {
    await wakeTasks(tasks.doorsOf(tenantId))
    await hastenJobs(worker, embedChunks, tenantId)
  })
  const chainer = owner === undefined ? undefined : startChainer({ owner, log })
  const poster = postPublic(config.privateWebhookHosts)
  const upkeep = owner === undefined ? undefined : await startUpkeep({ owner, workers, poster, log })
  const taskUpkeep = owner === undefined ? undefined : startTaskUpkeep({ owner, log })
  return {
    stop: async () => {
      await chainer?.stop()
      await upkeep?.stop()
      await taskUpkeep?.stop()
      await workers.stop()
      await parser.close()
    },
  }
}

const TASKS = 'gatehouse:tasks'

function taskRuns({ opened: { database, owner }, tasks, log }: BackgroundWorkDeps): RunDeps {
  const { workflows, hints, grants, openCall } = tasks
  return {
    workflows,
    hints,
    grants,
    endShutOut: owner && shutOutEnder(owner),
    log,
    doorsOf: tenantId => tenantDoors(database, { tenantId, subject: TASKS, isBackground: true }),
    callAs: (principal, { task: { id, label }, workflow, signal }) => {
      // On record and in the ledger it is the workflow that reads and spends.
      const operation = { ...getTask, name: workflow.name }
      const { call } = openCall(operation, principal, {
        requestId: id,
        signal,
        task: { id, label },
      })
      if (call.principal.realm !== 'tenant') throw new Error('a task is a tenant’s')
      return call as ReadCall
    },
  }
}
