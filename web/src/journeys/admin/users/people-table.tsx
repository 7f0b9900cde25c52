// Users in rows. What may not be done to somebody is not offered: the server would refuse it.
import { Link } from '@tanstack/react-router'
import type { Role, User } from '../../../api/operations.gen.ts'
import { RowMenu } from '../../../parts/actions/row-menu.tsx'
import type { MenuItem } from '../../../parts/overlays/menu.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { reaches } from './roles.ts'
import type { Deed } from './user-deed.tsx'

export interface PeopleTableProps {
  readonly users: readonly User[]
  /** The id of whoever looks. */
  readonly self: string | undefined
  /** Their role; undefined for those who change nobody. */
  readonly own: Role | undefined
  readonly onDeed: (deed: Deed, user: User) => void
}

export function PeopleTable({ users, self, own, onDeed }: PeopleTableProps) {
  const columns: Column<User>[] = [
    { key: 'name', head: 'Name', cell: user => <Named user={user} isSelf={user.id === self} /> },
    { key: 'role', head: 'Role', cell: ({ role }) => <span className="capitalize">{role}</span> },
    {
      key: 'status',
      head: 'Status',
      cell: ({ status }) => <Badge tone={status === 'active' ? 'good' : 'warn'}>{status}</Badge>,
    },
    { key: 'groups', head: 'Groups', cell: ({ groups }) => <Groups names={groups} /> },
    {
      key: 'since',
      head: 'Since',
      cell: ({ created_at }) => <Time at={created_at} form="day" />,
      isMinor: true,
    },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      cell: user =>
        reaches(own, user.role) && (
          <RowMenu of={user.name} items={deedsFor(user, deed => onDeed(deed, user))} />
        ),
      isPinned: true,
    },
  ]
  return <Table caption="Users of the tenant" rows={users} columns={columns} keyOf={({ id }) => id} />
}

function Named({ user, isSelf }: { readonly user: User; readonly isSelf: boolean }) {
  const { id, name, email } = user
  return (
    <div className="min-w-32 wrap-anywhere">
      <p className="font-medium">
        <bdi>{name}</bdi> {isSelf && <Badge tone="accent">you</Badge>}
      </p>
      <p className="text-xs text-soft">
        <bdi>{email ?? id}</bdi>
        {email !== null && email !== id && <bdi> · {id}</bdi>}
      </p>
    </div>
  )
}

function Groups({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <span className="text-soft">none</span>
  return (
    <span className="flex min-w-24 flex-wrap gap-1">
      {names.map(name => (
        <Link key={name} to="/users" search={{ group: name }} className="hover:underline">
          <Badge>
            <bdi className="max-w-40 truncate">{name}</bdi>
          </Badge>
        </Link>
      ))}
    </span>
  )
}

function deedsFor({ status }: User, act: (deed: Deed) => void): MenuItem[] {
  const item = (key: Deed, words: string, isDanger = false): MenuItem => ({
    key,
    words,
    isDanger,
    act: () => act(key),
  })
  return [
    item('change', 'Change name and role…'),
    item('groups', 'Groups…'),
    item('reset', 'Link for a new password…'),
    status === 'active' ? item('disable', 'Disable…', true) : item('enable', 'Enable…'),
    item('remove', 'Remove…', true),
  ]
}
