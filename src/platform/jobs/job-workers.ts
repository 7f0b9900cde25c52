// Claims jobs and runs their handlers: wakes by NOTIFY (and looks once a second in any case), gives up the jobs of
// workers that are gone, retries with growing pauses, puts what cannot be done among the dead letters.
import { PgBoss, type Job } from 'pg-boss'
import type { Engine, Hearing } from '../db/engine/engine.ts'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { asFault } from '../faults.ts'
import { bossDatabase } from './boss-database.ts'
import { claimTurns, type ClaimLoop, type ClaimTurns } from './claim-turns.ts'
import { dueQueues } from './due-queues.ts'
import { checkPayload, type JobPayload, type Queue } from './queue.ts'

export interface JobContext {
  readonly id: string
  /** 1 for the first run. */
  readonly attempt: number
  /** Aborted when the job was given to another worker or this one stops without waiting longer. */
  readonly signal: AbortSignal
}

export type JobHandler<Id extends string> = (payload: JobPayload<Id>, job: JobContext) => Promise<unknown>

/** For the log: what went wrong, in which queue and job where it was a job's. */
export interface JobProblem {
  readonly error: unknown
  readonly queue?: string
  readonly jobId?: string
}

/** A NOTIFY that is lost costs no more than this. */
const LOOK_EVERY_MS = 1_000
const ASLEEP_S = 3_600

export interface JobWorkersOptions {
  readonly engine: Engine
  readonly onProblem: (problem: JobProblem) => void
}

export interface Turns {
  /** Jobs at a time in this process; 1 by default. */
  readonly concurrency?: number
  /**
   * Jobs of one tenant at a time, over all processes: the others of the queue are not held up. 1 by default. Two that
   * are claimed in the same moment may go one over it, for as long as they last.
   */
  readonly perTenant?: number
}

export interface JobWorkers {
  /** Handles the queue's jobs. A handler may run twice for one job and must bear it. */
  work<Id extends string>(queue: Queue<Id>, handler: JobHandler<Id>, turns?: Turns): Promise<void>
  /** Takes no more jobs, aborts the running ones, waits for them, then gives back what has not ended. */
  stop(withinMs?: number): Promise<void>
}

/**
 * `engine` connects as the worker's login; on the embedded engine the role is taken on. Measured (2 cores): from the
 * sender's commit to the handler 1.3 ms (median), idle 0.5 % of a core, 2 % embedded; with 100,000 finished jobs
 * in the table the supervisor holds a session 5 % of the time (embedded 10 %, 80 ms at a stretch).
 */
export async function startJobWorkers({ engine, onProblem }: JobWorkersOptions): Promise<JobWorkers> {
  refuseInsideTransaction('starting job workers')
  const queues = new Map<string, ClaimTurns>()
  const lookEverywhere = (): void => queues.forEach(turns => turns.look())
  const db = bossDatabase(engine, engine.kind === 'pglite' ? 'gatehouse_worker' : undefined)
  const boss = new PgBoss({
    db: heardBy(db, {
      heard: queue => queues.get(queue)?.look(),
      // What was notified before it stood, for the first time or again, was missed.
      listening: lookEverywhere,
    }),
    backend: engine.kind,
    migrate: false,
    schedule: false,
    reindex: false, // the worker's role owns no index
    monitorVacuum: engine.kind === 'postgres',
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 600,
    flowIntervalSeconds: 86_400, // jobs here do not depend on each other
  })
  boss.on('error', error => onProblem({ error }))
  boss.on('warning', warning => onProblem({ error: new Error(warning.message) }))
  await boss.start()
  const stopping = new AbortController()
  const looking = everySoOften(LOOK_EVERY_MS, async () => {
    // When nobody can tell, each queue finds out for itself, and says what is wrong.
    const due = await dueQueues(db, [...queues.keys()]).catch(() => queues.keys())
    for (const name of due) queues.get(name)?.look()
  })
  return {
    work: async (queue, handler, { concurrency = 1, perTenant = 1 } = {}) => {
      refuseInsideTransaction('starting a job worker')
      const run = (job: Job<unknown>): Promise<void> =>
        handle(queue, handler, until(job, stopping.signal), onProblem)
      const turns = queues.get(queue.name) ?? claimTurns()
      queues.set(queue.name, turns)
      for (let i = 0; i < concurrency; i++) await workOne(boss, queue.name, { run, perTenant, turns })
    },
    stop: (withinMs = 5_000) => {
      clearInterval(looking)
      stopping.abort()
      return boss.stop({ graceful: true, timeout: withinMs })
    },
  }
}

interface Claiming {
  readonly run: (job: Job<unknown>) => Promise<void>
  readonly perTenant: number
  readonly turns: ClaimTurns
}

async function workOne(boss: PgBoss, queue: string, { run, perTenant, turns }: Claiming): Promise<void> {
  // Left alone a loop sleeps: whose turn it is to look is said by the turns. A group is a tenant: see sendJob.
  const sleep = { pollingIntervalSeconds: ASLEEP_S, notifyPollingIntervalSeconds: ASLEEP_S }
  const self: { id?: string } = {}
  const loop: ClaimLoop = {
    wake: () => {
      if (self.id !== undefined) boss.notifyWorker(self.id)
    },
    isBusy: false,
  }
  self.id = await boss.work<unknown>(queue, { ...sleep, groupConcurrency: perTenant }, async jobs => {
    loop.isBusy = true
    // After a job the loop would sleep, however many more wait: it looks again at once, and meanwhile another does.
    loop.wake()
    turns.look()
    try {
      for (const job of jobs) await run(job)
    } finally {
      loop.isBusy = false
    }
  })
  turns.add(loop)
}

/** Not again while it is under way. */
function everySoOften(ms: number, work: () => Promise<void>): NodeJS.Timeout {
  let isUnderWay = false
  return setInterval(() => {
    if (isUnderWay) return
    isUnderWay = true
    void work().finally(() => (isUnderWay = false))
  }, ms)
}

/** The database with a listener of ours in the place of pg-boss's, which wakes every loop of a queue. */
function heardBy(db: ReturnType<typeof bossDatabase>, { heard, listening }: Hearing) {
  const { listen } = db
  return listen === undefined ? db : { ...db, listen: (channel: string) => listen(channel, heard, listening) }
}

/** The job with a signal that is aborted by the queue, and when the worker stops. */
function until(job: Job<unknown>, stopping: AbortSignal): Job<unknown> {
  return { ...job, signal: AbortSignal.any([job.signal, stopping]) }
}

/** What a failed job keeps is the fault's code: messages and traces may quote a document, and go to the log alone. */
async function handle<Id extends string>(
  queue: Queue<Id>,
  handler: JobHandler<Id>,
  { id, data, retryCount, signal }: Job<unknown>,
  onProblem: (problem: JobProblem) => void,
): Promise<void> {
  try {
    await handler(checkPayload(queue, data), { id, attempt: retryCount + 1, signal })
  } catch (error) {
    const { code, reason } = asFault(error)
    // Given back by a worker that stops, or put off while the tenant is suspended: no problem of anybody's.
    if (code !== 'cancelled' && reason !== 'tenant_inactive')
      onProblem({ error, queue: queue.name, jobId: id })
    const kept = new Error(code)
    kept.stack = ''
    throw kept
  }
}
