// The queue of tasks that are to be run.
import { queue } from '../../../platform/jobs/queue.ts'

export const RUN_TASK = queue('run_task', ['taskId'])
