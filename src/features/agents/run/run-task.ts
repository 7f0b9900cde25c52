// THE way of a task through a worker: take it over, look who it is for, do its workflow, end it. Whatever dies on the way
// is taken up by another worker where the last step was done.
import { setTimeout as pause } from 'node:timers/promises'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import { takeOverWith, type Run } from '../../../platform/journal/run.ts'
import { traceBelow } from '../../../platform/telemetry/trace-parent.ts'
import { parseWorkflowInput } from '../workflows/workflow-input.ts'
import { workflowNamed } from '../workflows/workflow-named.ts'
import { beginRun, type RunTask } from './begin-run.ts'
import { complete } from './complete.ts'
import { durableWork } from './durable-work.ts'
import { endRun, gaveUp, outOfTime } from './end-run.ts'
import type { RunDeps } from './run-deps.ts'
import { watchRun } from './watch-run.ts'

/** Runs begun one after the other without a step being done. */
const MOST_ATTEMPTS = 6
/** A tenant that is shut out is looked at again no sooner. */
const INACTIVE_PAUSE_MS = 5_000

export interface TaskJob {
  readonly tenantId: string
  readonly taskId: string
}

/** Throws what the queue should hand out again. `signal`: the worker stops, or the job was given to another. */
export async function runTask(
  deps: RunDeps,
  { tenantId, taskId }: TaskJob,
  signal: AbortSignal,
): Promise<void> {
  const doors = deps.doorsOf(tenantId)
  const taken = await takenOver(doors, { tenantId, taskId }).catch(async (error: unknown) => {
    if (asFault(error).reason === 'tenant_inactive') {
      if (deps.endShutOut !== undefined) {
        await deps.endShutOut(tenantId, taskId)
        return undefined
      }
      await pause(INACTIVE_PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
    throw error
  })
  if (taken === undefined) return
  const { run, task } = taken
  await traceBelow(task.traceparent, `task ${task.workflow}`, async () => {
    try {
      await doTask(deps, { doors, run, task, signal })
    } catch (error) {
      await endRun(deps, { task, run, isStopping: signal.aborted }, error)
    }
  })
}

/** The task in the hands of this run; undefined when there is nothing to run. */
async function takenOver(doors: TenantDoors, { tenantId, taskId }: TaskJob) {
  try {
    const { run, begun: task } = await takeOverWith(doors, { tenantId, streamId: taskId }, beginRun)
    return task === undefined ? undefined : { run, task }
  } catch (error) {
    // Forgotten meanwhile.
    if (asFault(error).code === 'not_found') return undefined
    throw error
  }
}

interface Doing {
  readonly doors: TenantDoors
  readonly run: Run
  readonly task: RunTask
  readonly signal: AbortSignal
}

async function doTask(deps: RunDeps, { doors, run, task, signal: stopping }: Doing): Promise<void> {
  if (task.attempt > MOST_ATTEMPTS) throw gaveUp()
  if (task.leftMs <= 0) throw outOfTime()
  await deps.grants.reload(task)
  const workflow = workflowNamed(deps.workflows, task.workflow)
  const input = parseWorkflowInput(workflow, task.input)
  const over = new AbortController()
  const giveUp = (why: unknown): void => over.abort(why)
  const onStop = (): void => over.abort(fault('cancelled'))
  stopping.addEventListener('abort', onStop, { once: true })
  if (stopping.aborted) onStop()
  const deadline = setTimeout(() => over.abort(outOfTime()), Math.min(task.leftMs, 2 ** 31 - 1))
  const watching = new AbortController()
  const watch = watchRun({
    read: doors.read,
    hints: deps.hints,
    key: run.key,
    signal: watching.signal,
    onLost: giveUp,
  })
  const { signal } = over
  const running = { deps, doors, task, workflow, run, signal, giveUp }
  try {
    await workflow.run(input, durableWork(running))
    signal.throwIfAborted()
    await doors.write(tx => complete(tx, run.key))
  } catch (error) {
    // What broke because the run was over has the reason of that.
    throw signal.aborted ? signal.reason : error
  } finally {
    // A step that nobody waits for any more hears of it at the latest now.
    over.abort(fault('cancelled'))
    clearTimeout(deadline)
    stopping.removeEventListener('abort', onStop)
    watching.abort()
    await watch
  }
}
