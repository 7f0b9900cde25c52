// Tasks of one context, as a conversation; and the conversations there are. Pure but for the query's shape.
import { operationQuery } from '../../../api/operation-query.ts'
import type { Task } from '../../../api/operations.gen.ts'
import { questionOf } from '../../tasks/about/asked-again.ts'

/** More of them are in the list of tasks. */
const MOST_TURNS = 50
const MOST_RECENT = 60
const MOST_MESSAGES = 50

export function conversationQuery(contextId: string) {
  return operationQuery('list_tasks', {
    context_id: contextId,
    artifacts: true,
    history_length: MOST_MESSAGES,
    page_size: MOST_TURNS,
  })
}

/** Without what they made: only what was asked. */
export const recentQuery = operationQuery('list_tasks', { history_length: 10, page_size: MOST_RECENT })

/** Oldest first, as it was spoken. */
export function inOrder(tasks: readonly Task[]): Task[] {
  return tasks.toSorted(
    (a, b) => a.created_at.localeCompare(b.created_at) || a.task_id.localeCompare(b.task_id),
  )
}

export interface Conversation {
  readonly contextId: string
  /** Its first question. */
  readonly title: string
  /** When something last happened in it. */
  readonly at: string
  readonly turns: number
}

/** The newest first. */
export function conversationsOf(tasks: readonly Task[]): Conversation[] {
  const byContext = Map.groupBy(tasks, ({ context_id }) => context_id)
  return [...byContext]
    .map(([contextId, turns]) => {
      const [first] = inOrder(turns)
      const at =
        turns
          .map(({ status }) => status.at)
          .toSorted()
          .at(-1) ?? ''
      return { contextId, title: titleOf(first), at, turns: turns.length }
    })
    .toSorted((a, b) => b.at.localeCompare(a.at))
}

const LONGEST_TITLE = 120

function titleOf(task: Task | undefined): string {
  if (task === undefined) return ''
  const title = questionOf(task).replaceAll(/\s+/g, ' ').trim()
  return title === '' ? task.workflow : title.slice(0, LONGEST_TITLE)
}
