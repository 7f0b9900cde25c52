// A task that is watched: what it does, what it made, and what it asks for.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Output } from '../../../api/call.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Task, Workflow } from '../../../api/operations.gen.ts'
import { hasEnded } from '../../../../../src/protocols/client/task/task-shape.ts'
import { Card } from '../../../parts/shown/card.tsx'
import { Answer } from '../../ask/answer/answer.tsx'
import { answerNotes } from '../../ask/answer/answer-notes.ts'
import { AnswerForm } from '../about/answer-form.tsx'
import { Messages } from '../about/messages.tsx'
import { Standing } from '../about/standing.tsx'
import { TaskFacts } from '../about/task-facts.tsx'
import { ArtifactCard } from '../artifacts/artifact-card.tsx'
import { EventList } from '../events/event-list.tsx'
import { WorkflowGraph } from '../graph/workflow-graph.tsx'
import { heldSteps } from '../steps/held-steps.ts'
import { costOfSteps } from '../steps/step-costs.ts'
import { Timeline } from '../steps/timeline.tsx'
import { ConnectionLine } from './connection-line.tsx'
import { type LiveTask as Live, stepsOf, useLiveTask } from './use-task.ts'
import { TaskHead } from './task-head.tsx'

export interface LiveTaskProps {
  readonly task: Task
  readonly workflows: readonly Workflow[]
  readonly mayWrite: boolean
  /** The events instead of what they made. */
  readonly isInspected: boolean
}

export function LiveTask(props: LiveTaskProps) {
  const { task, workflows, mayWrite, isInspected } = props
  const live = useLiveTask(task, stepsOf(workflows, task.workflow))
  const navigate = useNavigate()
  const title = workflows.find(({ name }) => name === task.workflow)?.title ?? task.workflow
  return (
    <div className="space-y-4">
      <TaskHead {...{ task, title, mayWrite, isInspected }} view={live.view} />
      <ConnectionLine said={live.said} />
      <p role="status" className="unseen">
        {live.view.steps.find(({ state }) => state === 'running')?.title ??
          live.view.state.replaceAll('_', ' ')}
      </p>
      <Standing
        {...{ task, mayWrite }}
        view={live.view}
        onAgain={({ task_id }) => void navigate({ to: '/tasks/$taskId', params: { taskId: task_id } })}
      />
      {isInspected ? (
        <EventList events={live.events} missing={live.missing} />
      ) : (
        <Watched {...props} live={live} />
      )}
    </div>
  )
}

function Watched({ task, mayWrite, live }: LiveTaskProps & { readonly live: Live }) {
  const { view, events } = live
  const steps = heldSteps(view)
  const cost = useQuery({
    ...operationQuery('get_task_cost', { task_id: task.task_id }),
    // A call that is cut off is charged a little later than it ends.
    refetchInterval: ({ state }) => (hasHeld(state.data) ? LOOK_AGAIN_MS : false),
  }).data
  const isOver = hasEnded(view.state)
  const hasAnswer = view.artifacts.some(
    ({ artifact_id }) => artifact_id === 'answer' || artifact_id === 'passages',
  )
  return (
    <>
      {steps.length > 1 && (
        <Card>
          <WorkflowGraph steps={steps} />
        </Card>
      )}
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-4">
          {hasAnswer && (
            <Card title="Answer">
              <Answer artifacts={view.artifacts} notes={answerNotes(events)} isOver={isOver} />
            </Card>
          )}
          <Artifacts live={live} isOver={isOver} isOpen={!hasAnswer} />
          <Said task={task} isOver={isOver || view.state === 'input_required'} mayWrite={mayWrite} />
        </div>
        {/* On a narrow screen the steps stand first and what there is to know besides last. */}
        <div className="min-w-0 space-y-4 max-lg:contents">
          <div className="min-w-0 max-lg:order-first">
            <Card title="Steps">
              {steps.length === 0 ? (
                <p className="text-soft">It has not told of any step yet.</p>
              ) : (
                <Timeline steps={steps} costs={costOfSteps(steps, cost?.steps ?? [], events)} />
              )}
            </Card>
          </div>
          <div className="min-w-0">
            <Card title="About it">
              <TaskFacts task={task} cost={cost} />
            </Card>
          </div>
        </div>
      </div>
    </>
  )
}

const LOOK_AGAIN_MS = 5_000

function hasHeld(cost: Output<'get_task_cost'> | undefined): boolean {
  return cost !== undefined && cost.held_nano !== '0'
}

interface ArtifactsProps {
  readonly live: Live
  readonly isOver: boolean
  readonly isOpen: boolean
}

function Artifacts({ live: { view }, isOver, isOpen }: ArtifactsProps) {
  if (view.artifacts.length === 0) {
    return (
      <Card title="What it made">
        <p className="text-soft">
          {isOver ? 'It made nothing.' : 'Nothing yet: it stands here as it comes.'}
        </p>
      </Card>
    )
  }
  return (
    <Card title="What it made" isFlush>
      {view.artifacts.map((artifact, index) => (
        <ArtifactCard key={artifact.artifact_id} {...{ artifact, isOver }} isOpen={isOpen && index === 0} />
      ))}
    </Card>
  )
}

interface SaidProps {
  readonly task: Task
  readonly isOver: boolean
  readonly mayWrite: boolean
}

function Said({ task: { task_id, history = [] }, isOver, mayWrite }: SaidProps) {
  return (
    <Card title="What was said">
      <Messages history={history} />
      {mayWrite && !isOver && (
        <details className="mt-3 border-t border-line pt-2">
          <summary className="min-h-6 text-sm text-soft hover:text-ink">Tell it more</summary>
          <div className="mt-2">
            <AnswerForm
              taskId={task_id}
              label="What it should know"
              hint="Its next step takes it."
              deed="Send"
            />
          </div>
        </details>
      )}
    </Card>
  )
}
