// Tasks in a table: how each stands, what was asked, what it cost.
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import type { Task } from '../../../api/operations.gen.ts'
import { Money } from '../../../parts/shown/money.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { useHitKeys } from '../../search/hits/use-hit-keys.ts'
import { questionOf } from '../about/asked-again.ts'
import { StateBadge } from '../state-badge.tsx'

const COLUMNS: readonly Column<Task>[] = [
  {
    key: 'task',
    head: 'Task',
    cell: task => (
      <>
        <Link
          to="/tasks/$taskId"
          data-hit
          data-hit-link
          params={{ taskId: task.task_id }}
          className="block min-w-44 font-medium wrap-anywhere hover:underline pointer-coarse:-my-1.5 pointer-coarse:py-1.5"
        >
          <bdi className="line-clamp-2">{questionOf(task) || task.workflow}</bdi>
        </Link>
        <span className="mt-1 flex items-center gap-2 text-xs text-soft md:hidden">
          <StateBadge state={task.status.state} reason={task.status.reason} /> <Time at={task.status.at} />
        </span>
      </>
    ),
  },
  {
    key: 'state',
    head: 'State',
    cell: ({ status }) => <StateBadge state={status.state} reason={status.reason} />,
    isMinor: true,
  },
  { key: 'workflow', head: 'Workflow', cell: ({ workflow }) => workflow, isMinor: true },
  {
    key: 'label',
    head: 'Label',
    cell: ({ label = '' }) => (
      <bdi className="block max-w-40 truncate" title={label}>
        {label}
      </bdi>
    ),
    isMinor: true,
  },
  {
    key: 'cost',
    head: 'Cost',
    cell: ({ cost_nano }) =>
      cost_nano === '0' ? <span className="text-soft">free</span> : <Money nano={cost_nano} />,
    isFigure: true,
  },
  {
    key: 'at',
    head: 'Last change',
    cell: ({ status }) => <Time at={status.at} />,
    isFigure: true,
    isMinor: true,
  },
]

export function TaskTable({ tasks }: { readonly tasks: readonly Task[] }) {
  const list = useRef<HTMLDivElement>(null)
  useHitKeys(list)
  return (
    <div ref={list}>
      <Table caption="Tasks" rows={tasks} columns={COLUMNS} keyOf={({ task_id }) => task_id} />
    </div>
  )
}
