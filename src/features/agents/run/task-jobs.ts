// The background work of tasks: running them, and waking those that waited for money.
import type { JobWorkers } from '../../../platform/jobs/job-workers.ts'
import { RUN_TASK, WAKE_TASK } from '../tasks/task-queue.ts'
import type { RunDeps } from './run-deps.ts'
import { runTask } from './run-task.ts'
import { wakeTask } from './wake-tasks.ts'

/** Mostly they wait for models: many at a time in one process. One place is always left to other tenants. */
const AT_ONCE = 16

export async function workTaskJobs(workers: JobWorkers, deps: RunDeps): Promise<void> {
  await workers.work(RUN_TASK, (job, { signal }) => runTask(deps, job, signal), {
    concurrency: AT_ONCE,
    perTenant: AT_ONCE - 1,
  })
  await workers.work(WAKE_TASK, ({ tenantId, taskId }) => wakeTask(deps.doorsOf(tenantId), taskId))
}
