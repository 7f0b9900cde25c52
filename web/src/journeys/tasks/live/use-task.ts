// A task as it stands and goes on: loaded once, then followed from its first event.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useReducer, useState } from 'react'
import type { Output } from '../../../api/call.ts'
import type { Connection } from '../../../api/follow.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Task, Workflow } from '../../../api/operations.gen.ts'
import { useFollow } from '../../../api/use-follow.ts'
import type { DeclaredStep } from '../../../../../src/protocols/client/task/task-view.ts'
import { type Followed, notYetFollowed, withAnswer } from './followed.ts'
import { snapshotOf } from './task-shapes.ts'
import { type ConnectionWords, connectionWords, NEVER_LOST, toldAfter } from './connection-words.ts'

export interface LiveTask extends Followed {
  readonly connection: Connection
  /** What is to be said of it, if anything. */
  readonly said: ConnectionWords | undefined
}

const NONE: readonly Workflow[] = []

/** Undefined while they are on their way; none when they cannot be had: a task can be shown without. */
export function useWorkflows(): readonly Workflow[] | undefined {
  const { data, isError } = useQuery({
    ...operationQuery('list_workflows', {}),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data?.workflows ?? (isError ? NONE : undefined)
}

export function stepsOf(workflows: readonly Workflow[], name: string): readonly DeclaredStep[] {
  return workflows.find(workflow => workflow.name === name)?.steps ?? []
}

/** Both of them are those of the first render: give the component the task's id as its key. */
export function useLiveTask(task: Task, steps: readonly DeclaredStep[]): LiveTask {
  const [followed, add] = useReducer(withAnswer, undefined, () => notYetFollowed(snapshotOf(task), steps))
  const refresh = useRefresh(task)
  const connection = useFollow('follow_task', { task_id: task.task_id, after: 0 }, answer => {
    add(answer)
    refresh(answer)
  })
  const [told, setTold] = useState(NEVER_LOST)
  const { last_sequence } = followed.view
  const now = toldAfter(told, connection, last_sequence)
  if (now !== told) setTold(now)
  return { ...followed, connection, said: connectionWords(connection, now, followed) }
}

/** What no event tells (its money, its deadline, what was said) is asked for anew when it may have changed. */
function useRefresh({ task_id, last_sequence }: Task): (answer: Output<'follow_task'>) => void {
  const client = useQueryClient()
  return ({ events }) => {
    const kinds = new Set(events.filter(({ sequence }) => sequence > last_sequence).map(({ kind }) => kind))
    const isNew = (...some: readonly string[]) => some.some(kind => kinds.has(kind as 'state'))
    if (isNew('state', 'message'))
      for (const queryKey of [['get_task', { task_id }], ['list_tasks']])
        void client.invalidateQueries({ queryKey })
    if (isNew('state', 'step', 'progress'))
      void client.invalidateQueries({ queryKey: ['get_task_cost', { task_id }] })
  }
}
