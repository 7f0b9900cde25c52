// What agents do with documents.
import type { Operation } from '../../gate/operation.ts'
import { ask, type AskDeps } from './ask/ask.ts'
import { cancelTask } from './tasks/cancel-task.ts'
import { followTask, type FollowTaskDeps } from './tasks/follow-task.ts'
import { getTask } from './tasks/get-task.ts'
import { getTaskCost } from './tasks/get-task-cost.ts'
import { listTasks, type ListTasksDeps } from './tasks/list-tasks.ts'
import { listWorkflows } from './tasks/list-workflows.ts'
import { sendMessage } from './tasks/send-message.ts'
import { startTask, type StartTaskDeps } from './tasks/start-task.ts'

export interface AgentsDeps extends Omit<AskDeps, 'runInside'>, StartTaskDeps, FollowTaskDeps, ListTasksDeps {
  /** The operations of search. */
  readonly searches: readonly Operation[]
}

export function operations({ searches, ...deps }: AgentsDeps) {
  return [
    ask({ ...deps, runInside: searchBy(searches) }),
    startTask(deps),
    getTask,
    getTaskCost,
    cancelTask,
    sendMessage(deps),
    listTasks(deps),
    followTask(deps),
    listWorkflows(deps),
  ]
}

/**
 * hybrid_search as a part of another call: the caller's documents, the caller's budget. Who asks has been let in for this
 * one call, which is on record and counted once.
 */
function searchBy(searches: readonly Operation[]): AskDeps['runInside'] {
  const operation = searches.find(({ name }) => name === 'hybrid_search')
  if (operation?.realm !== 'tenant' || operation.access !== 'read')
    throw new Error('search has no hybrid_search')
  return (call, _name, input) => operation.run(operation.input.parse(input), call)
}
