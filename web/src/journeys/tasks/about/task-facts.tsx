// What there is to know of a task in a row: when, how long, until when, and what it cost.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Output } from '../../../api/call.ts'
import type { Task } from '../../../api/operations.gen.ts'
import { CopyButton } from '../../../parts/actions/copy-button.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { durationWords, Time } from '../../../parts/shown/time.tsx'

export interface TaskFactsProps {
  readonly task: Task
  readonly cost: Output<'get_task_cost'> | undefined
}

export function TaskFacts({ task, cost }: TaskFactsProps) {
  const { task_id, context_id, label, created_at, finished_at, deadline_at, status } = task
  const isEnded = finished_at !== undefined
  const total = cost?.total.cost_nano ?? task.cost_nano
  const tokens = (cost?.total.units_in ?? 0) + (cost?.total.units_out ?? 0)
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      <Fact name="Begun">
        <Time at={created_at} />
      </Fact>
      {isEnded && (
        <Fact name="Took">
          <span className="figures">{durationWords(Date.parse(finished_at) - Date.parse(created_at))}</span>
        </Fact>
      )}
      {!isEnded && (
        <Fact name="Time limit">
          {deadline_at === undefined ? 'stands still while it waits' : <Time at={deadline_at} form="whole" />}
        </Fact>
      )}
      <Fact name="Cost">
        {total === '0' ? 'free' : <Money nano={total} />}
        {cost !== undefined && cost.held_nano !== '0' && (
          <span className="text-soft">
            {' '}
            + <Money nano={cost.held_nano} /> held
          </span>
        )}
      </Fact>
      {cost !== undefined && cost.total.requests > 0 && (
        <Fact name="Model calls">
          <span className="figures">
            {cost.total.requests.toLocaleString()} · {tokens.toLocaleString()} tokens
          </span>
        </Fact>
      )}
      {label !== undefined && (
        <Fact name="Label">
          <bdi className="wrap-anywhere">{label}</bdi>
        </Fact>
      )}
      <Fact name="Last change">
        <Time at={status.at} />
      </Fact>
      <Fact name="Conversation">
        <Link to="/ask" search={{ context: context_id }} className="underline underline-offset-2">
          Open
        </Link>
      </Fact>
      <Fact name="Id">
        <span className="flex items-center gap-1">
          <code className="min-w-0 truncate text-xs">{task_id}</code>
          <CopyButton text={task_id} what="the id of the task" isSmall />
        </span>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}
