// The head of a task's page: what was asked, how it stands, and what can be done.
import { Link } from '@tanstack/react-router'
import { Braces, ListTree } from 'lucide-react'
import type { Task } from '../../../api/operations.gen.ts'
import { hasEnded } from '../../../../../src/protocols/client/task/task-shape.ts'
import type { TaskView } from '../../../../../src/protocols/client/task/task-view.ts'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { PageHead } from '../../../parts/shown/page-head.tsx'
import { questionOf } from '../about/asked-again.ts'
import { CancelButton } from '../about/cancel-button.tsx'
import { StateBadge } from '../state-badge.tsx'

export interface TaskHeadProps {
  readonly task: Task
  /** Of its workflow. */
  readonly title: string
  readonly view: TaskView
  readonly mayWrite: boolean
  readonly isInspected: boolean
}

const LONGEST = 160

export function TaskHead({ task, title, view, mayWrite, isInspected }: TaskHeadProps) {
  const question = questionOf(task)
  const Icon = isInspected ? ListTree : Braces
  return (
    <>
      <p className="mb-1 text-sm">
        <Link to="/tasks" className="text-soft underline-offset-2 hover:underline">
          Tasks
        </Link>
      </p>
      <PageHead
        title={question === '' ? title : shortened(question)}
        lead={
          <span className="inline-flex flex-wrap items-center gap-2">
            <StateBadge state={view.state} reason={view.reason} /> {title}
          </span>
        }
        actions={
          <>
            <LinkButton
              to="/tasks/$taskId"
              params={{ taskId: task.task_id }}
              search={isInspected ? {} : { show: 'events' }}
              look="quiet"
            >
              <Icon size={14} aria-hidden="true" /> {isInspected ? 'What it made' : 'Events'}
            </LinkButton>
            {mayWrite && !hasEnded(view.state) && <CancelButton taskId={task.task_id} />}
          </>
        }
      />
    </>
  )
}

function shortened(question: string): string {
  const line = question.replaceAll(/\s+/g, ' ').trim()
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`
}
