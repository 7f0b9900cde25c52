// How a run that did not come to its end is left: its task waits, is put off, given back or has failed. What is said of it
// is for its user; what really happened is in the log.
import { Fault, asFault, fault } from '../../../platform/faults.ts'
import { sql } from '../../../platform/db/statements.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import type { Run } from '../../../platform/journal/run.ts'
import { isSuperseded } from '../../../platform/journal/superseded.ts'
import { unauthenticated } from '../../../gate/tokens/unauthenticated.ts'
import { storableText } from '../../../platform/storable-text.ts'
import { dateStatus } from '../tasks/rows/date-status.ts'
import { fenceOff, moveTask, type Move } from '../tasks/rows/move-task.ts'
import { tell } from '../tasks/rows/task-events.ts'
import { RUN_TASK, WAKE_TASK } from '../tasks/task-queue.ts'
import type { RunTask } from './begin-run.ts'
import type { RunDeps } from './run-deps.ts'
import { Waiting } from './asking/waiting.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
const FIRST_WAIT_MS = 5_000
const LONGEST_WAIT_MS = 3_600_000

interface EndedRun {
  readonly task: RunTask
  readonly run: Run
  /** Whether the worker stops: then another takes the task up. */
  readonly isStopping: boolean
}

/** Throws what the queue should hand to another worker. */
export async function endRun(
  { log }: Pick<RunDeps, 'log'>,
  { task, run, isStopping }: EndedRun,
  error: unknown,
): Promise<void> {
  if (error instanceof Waiting || isSuperseded(error) || isEnded(error)) return
  if (isStopping) {
    await giveBack(run, task)
    throw fault('cancelled')
  }
  const problem = ofUser(asFault(error))
  if (isOutOfMoney(problem)) return waitForMoney(run, task, problem)
  if (isPassing(problem)) return putOff(run, task, problem)
  if (problem.code === 'internal') log.error({ err: error, task: task.id }, 'a task failed')
  return leave(run, failed(problem))
}

/** Of a run that never came to do anything because too many before it have died. */
export function gaveUp(): Fault {
  return fault('unavailable', {
    reason: 'gave_up',
    say: 'It was begun several times and interrupted each time before its step was done. It is not tried again.',
  })
}

export function outOfTime(): Fault {
  return fault('timeout', { reason: 'deadline', say: 'It took longer than its time limit.' })
}

/** Where not even what went wrong can be written down as it is, that it did is. */
async function leave(run: Run, move: Move): Promise<void> {
  const moving = (how: Move): Promise<void> => run.write(tx => moveTask(tx, run.key, how)).catch(unlessEnded)
  await moving(move).catch((error: unknown) => {
    if (isPassing(asFault(error))) throw error
    return moving(failed(fault('internal')))
  })
}

/** What the database refuses a user who may not go on is said as it is said between two steps. */
function ofUser(problem: Fault): Fault {
  const isShutOut = problem.reason === 'user_disabled' || problem.reason === 'tenant_inactive'
  return isShutOut ? unauthenticated('auth_expired', problem.reason, problem) : problem
}

/** That it was begun counts for nothing: it was not the task's doing. */
function giveBack(run: Run, { tenantId, id }: RunTask): Promise<unknown> {
  const uncounted = sql`
    update app.task set attempt = greatest(attempt - 1, 0) where tenant_id = ${tenantId} and id = ${id}`
  // Whoever comes next manages without.
  return run.write(tx => tx.run(uncounted)).catch(() => undefined)
}

function isOutOfMoney({ code, facts }: Fault): boolean {
  return code === 'budget_exceeded' && facts?.['action'] !== 'alert'
}

/**
 * Whoever makes room wakes it. What nobody tells of (another's hold is given back, a period turns, room was made in the
 * very moment) it looks for itself, with growing pauses.
 */
async function waitForMoney(
  run: Run,
  { tenantId, id, putOff: times }: RunTask,
  problem: Fault,
): Promise<void> {
  const { say, facts = {} } = problem
  const afterMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** times)
  await run
    .write(async tx => {
      await tx.run(sql`
        update app.task set put_off = put_off + 1 where tenant_id = ${tenantId} and id = ${id}`)
      await moveTask(tx, run.key, {
        move: 'wait',
        waitingFor: 'budget',
        reason: 'budget_exceeded',
        say,
        facts,
      })
      await sendJob(tx, WAKE_TASK, { tenantId, taskId: id }, { afterMs })
    })
    .catch(unlessEnded)
}

/** What may be different in a while. */
function isPassing({ code, reason }: Fault): boolean {
  if (reason !== undefined && FOR_GOOD.has(reason)) return false
  if (reason !== undefined && OF_ANOTHER_VERSION.has(reason)) return true
  return code === 'unavailable' || code === 'rate_limited' || code === 'timeout'
}

const FOR_GOOD: ReadonlySet<string> = new Set([
  'gave_up',
  'deadline',
  'model_not_configured',
  'unknown_model',
])

/** While versions change, a worker may not know yet (or any more) what the one that took the task on knew. */
const OF_ANOTHER_VERSION: ReadonlySet<string> = new Set(['unknown_workflow', 'workflow_input'])

async function putOff(run: Run, task: RunTask, problem: Fault): Promise<void> {
  const { tenantId, id, putOff: times, leftMs } = task
  const pause = Math.max(problem.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** times)
  // Not beyond the end of its time: then it is looked at for the last time.
  const ms = Math.min(LONGEST_PAUSE_MS, leftMs, pause)
  const { reason = problem.code } = problem
  const say = `${storableText(problem.say).text} Trying again in ${Math.ceil(ms / 1_000)} s.`
  await run
    .write(async tx => {
      await tell(tx, run.key, { kind: 'state', state: 'working', reason, say })
      await tx.run(sql`
        update app.task set attempt = greatest(attempt - 1, 0), put_off = put_off + 1, say = ${say}, reason = ${reason}
        where tenant_id = ${tenantId} and id = ${id}`)
      await dateStatus(tx, run.key)
      await fenceOff(tx, run.key)
      await sendJob(tx, RUN_TASK, { tenantId, taskId: id }, { afterMs: ms })
    })
    .catch(unlessEnded)
}

function failed(problem: Fault): Move {
  const { code, reason = code, say, facts } = problem
  return { move: 'fail', reason, say, ...(facts === undefined ? {} : { facts }) }
}

function isEnded(error: unknown): boolean {
  return error instanceof Fault && error.reason === 'task_ended'
}

/** Somebody was faster: the task has ended, or another run has it. */
function unlessEnded(error: unknown): void {
  if (!isSuperseded(error) && !isEnded(error)) throw error
}
