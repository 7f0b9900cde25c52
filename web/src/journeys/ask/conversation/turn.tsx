// A question and what became of it.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Task, Workflow } from '../../../api/operations.gen.ts'
import { hasEnded } from '../../../../../src/protocols/client/task/task-shape.ts'
import { type TaskView, viewOf } from '../../../../../src/protocols/client/task/task-view.ts'
import { Badge } from '../../../parts/shown/badge.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { questionOf } from '../../tasks/about/asked-again.ts'
import { CancelButton } from '../../tasks/about/cancel-button.tsx'
import { Standing } from '../../tasks/about/standing.tsx'
import { ArtifactCard } from '../../tasks/artifacts/artifact-card.tsx'
import { ConnectionLine } from '../../tasks/live/connection-line.tsx'
import { stepsOf, useLiveTask } from '../../tasks/live/use-task.ts'
import { eventsOf, snapshotOf } from '../../tasks/live/task-shapes.ts'
import { StateBadge } from '../../tasks/state-badge.tsx'
import { Answer } from '../answer/answer.tsx'
import { type AnswerNotes, answerNotes, NO_NOTES } from '../answer/answer-notes.ts'
import { Progress } from './progress.tsx'

export interface TurnProps {
  readonly task: Task
  readonly workflows: readonly Workflow[]
  readonly mayWrite: boolean
  /** A browser has few connections: not all that go on can be followed at once. */
  readonly mayFollow: boolean
  readonly onAgain: (task: Task) => void
}

/** Followed from its beginning when it had not ended as it was first seen: what has ended does not change. */
export function Turn(props: TurnProps) {
  const [wasLive] = useState(() => props.mayFollow && !hasEnded(props.task.status.state))
  return wasLive ? <LiveTurn {...props} /> : <EndedTurn {...props} />
}

function LiveTurn(props: TurnProps) {
  const { task, workflows } = props
  const live = useLiveTask(task, stepsOf(workflows, task.workflow))
  const { view, events, said } = live
  return (
    <Shown {...props} view={view} notes={answerNotes(events)}>
      <ConnectionLine said={said} />
      <Progress view={view} />
    </Shown>
  )
}

/** Its last events tell of its answer. */
const LAST_EVENTS = 20

function EndedTurn(props: TurnProps) {
  const { task } = props
  const { task_id, last_sequence } = task
  const after = Math.max(0, last_sequence - LAST_EVENTS)
  const { data } = useQuery({
    ...operationQuery('follow_task', { task_id, after }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const notes = data === undefined ? NO_NOTES : answerNotes(eventsOf(data.events))
  return <Shown {...props} view={viewOf(snapshotOf(task))} notes={notes} />
}

interface ShownProps extends TurnProps {
  readonly view: TaskView
  readonly notes: AnswerNotes
  readonly children?: ReactNode
}

/** Shown as what they are: parts of the answer. */
const OF_ANSWER = new Set(['answer', 'passages', 'citations'])

function Shown({ task, view, notes, mayWrite, onAgain, children }: ShownProps) {
  const isOver = hasEnded(view.state)
  const question = questionOf(task)
  const others = view.artifacts.filter(({ artifact_id }) => !OF_ANSWER.has(artifact_id))
  return (
    <article aria-label={question === '' ? task.workflow : question} className="space-y-3">
      <div className="ml-auto w-fit max-w-[90%] rounded-lg bg-accent-ground px-3.5 py-2">
        <h2 className="whitespace-pre-line wrap-anywhere">{question === '' ? task.workflow : question}</h2>
      </div>
      {children}
      <Answer artifacts={view.artifacts} notes={notes} isOver={isOver} />
      {others.length > 0 && (
        <div className="rounded-lg border border-line bg-card">
          {others.map(artifact => (
            <ArtifactCard
              key={artifact.artifact_id}
              artifact={artifact}
              isOver={isOver}
              isOpen={others.length === 1}
            />
          ))}
        </div>
      )}
      <Standing task={task} view={view} mayWrite={mayWrite} onAgain={onAgain} />
      <footer className="figures flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-soft">
        {view.state !== 'completed' && <StateBadge state={view.state} reason={view.reason} />}
        <Time at={task.created_at} />
        {notes.model !== undefined && <span className="wrap-anywhere">{notes.model}</span>}
        {task.label !== undefined && <Badge>{task.label}</Badge>}
        {isOver && (task.cost_nano === '0' ? <span>free</span> : <Money nano={task.cost_nano} />)}
        <Link
          to="/tasks/$taskId"
          params={{ taskId: task.task_id }}
          className="py-1 underline underline-offset-2 hover:text-ink"
        >
          How it was done
        </Link>
        {!isOver && mayWrite && <CancelButton taskId={task.task_id} />}
      </footer>
    </article>
  )
}
