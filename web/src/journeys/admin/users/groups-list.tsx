// The groups of the tenant. A group on an access list lets all its members read.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Group } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { RowMenu } from '../../../parts/actions/row-menu.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { GroupDeed, type GroupDeedName } from './group-deed.tsx'

export function GroupsList({ mayWrite }: { readonly mayWrite: boolean }) {
  const groups = useQuery(operationQuery('list_groups', { limit: 1_000 }))
  const [said, setSaid] = useState('')
  const [doing, setDoing] = useState<{ readonly deed: GroupDeedName; readonly group?: Group }>()
  const make = (
    <Button onClick={() => setDoing({ deed: 'create' })}>
      <Plus size={14} aria-hidden="true" /> New group
    </Button>
  )
  return (
    <>
      {mayWrite && <div className="mb-3 flex justify-end">{make}</div>}
      <Said>{said}</Said>
      {groups.isError && <ProblemNote problem={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <Waiting what="the groups" />}
      {groups.data?.groups.length === 0 && (
        <EmptyState title="There are no groups yet">
          A document can be opened to a group instead of to one person after the other.
        </EmptyState>
      )}
      {groups.data !== undefined && groups.data.groups.length > 0 && (
        <Table
          caption="Groups of the tenant"
          rows={groups.data.groups}
          columns={columns(mayWrite, (deed, group) => setDoing({ deed, group }))}
          keyOf={({ id }) => id}
        />
      )}
      {groups.data !== undefined && groups.data.next !== null && (
        <p className="mt-2 text-sm text-soft">The first 1,000 groups are shown.</p>
      )}
      {doing !== undefined && <GroupDeed {...doing} onSaid={setSaid} onClose={() => setDoing(undefined)} />}
    </>
  )
}

function columns(mayWrite: boolean, onDeed: (deed: GroupDeedName, group: Group) => void): Column<Group>[] {
  return [
    {
      key: 'name',
      head: 'Name',
      cell: ({ name }) => <bdi className="font-medium wrap-anywhere">{name}</bdi>,
    },
    {
      key: 'members',
      head: 'Members',
      cell: ({ name, members }) => (
        <Link to="/users" search={{ group: name }} className="underline">
          {members.toLocaleString()}
          <span className="unseen"> members of {name}</span>
        </Link>
      ),
      isFigure: true,
    },
    {
      key: 'since',
      head: 'Since',
      cell: ({ created_at }) => <Time at={created_at} form="day" />,
      isMinor: true,
    },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: group =>
        mayWrite && (
          <RowMenu
            of={group.name}
            items={[
              { key: 'members', words: 'Members…', act: () => onDeed('members', group) },
              { key: 'rename', words: 'Rename…', act: () => onDeed('rename', group) },
              { key: 'remove', words: 'Remove…', isDanger: true, act: () => onDeed('remove', group) },
            ]}
          />
        ),
    },
  ]
}
