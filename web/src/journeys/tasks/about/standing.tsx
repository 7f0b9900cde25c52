// How a task stands where that needs somebody: what it asks, what it waits for, why it ended.
import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useChange } from '../../../api/operation-query.ts'
import type { Task } from '../../../api/operations.gen.ts'
import type { TaskView } from '../../../../../src/protocols/client/task/task-view.ts'
import { Button, LinkButton } from '../../../parts/actions/button.tsx'
import { Banner } from '../../../parts/shown/banner.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { AnswerForm } from './answer-form.tsx'
import { askedAgain } from './asked-again.ts'
import { EndFacts } from './end-facts.tsx'
import { endWords } from './end-words.ts'

export interface StandingProps {
  readonly task: Task
  readonly view: TaskView
  readonly mayWrite: boolean
  /** Goes to the task that was started in its place. */
  readonly onAgain: (task: Task) => void
}

export function Standing({ task, view, mayWrite, onAgain }: StandingProps) {
  const { state, say, reason, facts } = view
  if (state === 'input_required' && reason !== 'budget_exceeded') {
    return (
      <section aria-label="The task asks" className="rounded-lg border border-warn bg-card p-4">
        <h2 className="mb-1 text-sm font-medium text-warn">It asks you</h2>
        <p className="mb-3 whitespace-pre-line wrap-anywhere">{say ?? 'It needs more to go on.'}</p>
        {mayWrite && <AnswerForm taskId={task.task_id} label="Your answer" deed="Send the answer" />}
      </section>
    )
  }
  const words = endWords(state, reason)
  if (words === undefined) return null
  // Who cancelled it is told nothing new by the server's words.
  const isOwnDeed = state === 'canceled'
  const isWrong = state === 'failed' || state === 'rejected'
  return (
    <Banner
      kind={isWrong ? 'wrong' : isOwnDeed ? 'info' : 'warn'}
      action={
        <span className="flex flex-wrap gap-2">
          {words.goTo === 'costs' && <LinkButton to="/costs">See the costs</LinkButton>}
          {mayWrite && (isWrong || isOwnDeed) && <AskAgain task={task} onAgain={onAgain} />}
        </span>
      }
    >
      <p className="font-medium">{words.title}</p>
      {say !== undefined && !isOwnDeed && <p>{say}</p>}
      {words.hint !== undefined && <p>{words.hint}</p>}
      {facts !== undefined && <EndFacts facts={facts} />}
      {reason !== undefined && !isOwnDeed && <p className="mt-1 font-mono text-xs opacity-80">{reason}</p>}
    </Banner>
  )
}

function AskAgain({ task, onAgain }: Pick<StandingProps, 'task' | 'onAgain'>) {
  const [key, setKey] = useState(() => crypto.randomUUID())
  const start = useChange('start_task', ['list_tasks'])
  const input = askedAgain(task, key)
  if (input === undefined) return null
  const again = () =>
    start.mutate(input, {
      onSuccess: ({ task: next }) => {
        setKey(crypto.randomUUID())
        onAgain(next)
      },
    })
  return (
    <>
      <Button isBusy={start.isPending} onClick={again}>
        <RotateCcw size={14} aria-hidden="true" /> Ask again
      </Button>
      {start.isError && <ProblemNote problem={start.error} />}
    </>
  )
}
