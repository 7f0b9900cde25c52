// All turns of a conversation, oldest first.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Task, Workflow } from '../../../api/operations.gen.ts'
import { hasEnded } from '../../../../../src/protocols/client/task/task-shape.ts'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { conversationQuery, inOrder } from './conversation.ts'
import { Turn } from './turn.tsx'

export interface TurnsProps {
  readonly contextId: string
  readonly workflows: readonly Workflow[]
  readonly mayWrite: boolean
  readonly onAgain: (task: Task) => void
}

export function Turns({ contextId, workflows, mayWrite, onAgain }: TurnsProps) {
  const conversation = useQuery({
    ...conversationQuery(contextId),
    refetchInterval: ({ state }) => (manyGoOn(state.data?.tasks ?? []) ? LOOK_AGAIN_MS : false),
  })
  const turns = inOrder(conversation.data?.tasks ?? [])
  const goingOn = turns.filter(({ status }) => !hasEnded(status.state))
  const followed = new Set(goingOn.slice(-MOST_FOLLOWED))
  const end = useEndInSight(turns.length)
  if (conversation.isPending) return <Waiting what="the conversation" lines={6} />
  if (conversation.data === undefined)
    return <ProblemNote problem={conversation.error} onRetry={() => void conversation.refetch()} />
  if (turns.length === 0) {
    return (
      <EmptyState
        title="There is no conversation here that you may see"
        action={
          <LinkButton to="/ask" search={{}} look="strong">
            Begin a new one
          </LinkButton>
        }
      >
        The address may be mistyped, the conversation may be gone, or it belongs to another tenant or user.
      </EmptyState>
    )
  }
  return (
    <>
      {conversation.data.next_page_token !== '' && (
        <p className="text-sm text-soft">
          The newest {turns.length} questions of {conversation.data.total_size}.
        </p>
      )}
      <div className="space-y-10">
        {turns.map(task => (
          <Turn
            key={task.task_id}
            {...{ task, workflows, mayWrite, onAgain }}
            mayFollow={followed.has(task)}
          />
        ))}
      </div>
      <div ref={end} />
    </>
  )
}

const MOST_FOLLOWED = 3
const LOOK_AGAIN_MS = 5_000

function manyGoOn(tasks: readonly Task[]): boolean {
  return tasks.filter(({ status }) => !hasEnded(status.state)).length > MOST_FOLLOWED
}

/** A new question comes into view; what grows afterwards does not move the page under its reader. */
function useEndInSight(count: number) {
  const end = useRef<HTMLDivElement>(null)
  const before = useRef(0)
  useEffect(() => {
    if (before.current > 0 && count > before.current) end.current?.scrollIntoView({ block: 'nearest' })
    before.current = count
  }, [count])
  return end
}
