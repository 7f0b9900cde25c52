// The queues of tasks.
import { queue } from '../../../platform/jobs/queue.ts'

/** Those that are to be run. */
export const RUN_TASK = queue('run_task', ['taskId'])

/** Those that wait for money, and look for themselves whether there is some. */
export const WAKE_TASK = queue('wake_task', ['taskId'])
