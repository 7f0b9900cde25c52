// Who is in a group: taken out by a click, put in by being found.
import { useQuery } from '@tanstack/react-query'
import { UserMinus, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { Group, User } from '../../../api/operations.gen.ts'
import { Button, IconButton } from '../../../parts/actions/button.tsx'
import { textOf } from '../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { Dialog } from '../../../parts/overlays/dialog.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'

const STALE = ['list_users', 'list_groups', 'get_user'] as const
const FOUND = 8

export function GroupMembers({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const [find, setFind] = useState<string>()
  const members = useQuery(operationQuery('list_users', { group: group.id, limit: 1_000 }))
  const found = useQuery({
    ...operationQuery('list_users', { ...(find === undefined ? {} : { find }), limit: FOUND }),
    enabled: find !== undefined,
  })
  const add = useChange('add_group_member', STALE)
  const remove = useChange('remove_group_member', STALE)
  const problem = members.error ?? found.error ?? add.error ?? remove.error
  const inIt = new Set(members.data?.users.map(({ id }) => id))
  const others = found.data?.users.filter(({ id }) => !inIt.has(id)) ?? []
  return (
    <Dialog title={`Members of ${group.name}`} isOpen onClose={onClose}>
      <div className="space-y-4">
        {problem !== null && <ProblemNote problem={problem} />}
        <form
          className="flex items-end gap-2"
          onSubmit={event => {
            event.preventDefault()
            setFind(textOf(new FormData(event.currentTarget), 'find'))
          }}
        >
          <div className="flex-1">
            <TextField
              label="Who is to be in it"
              name="find"
              type="search"
              placeholder="Name, e-mail or id"
            />
          </div>
          <Button type="submit" className="min-h-9">
            Find
          </Button>
        </form>
        {find !== undefined && found.data !== undefined && others.length === 0 && (
          <p role="status" className="text-sm text-soft">
            Nobody else is called like that.
          </p>
        )}
        <People
          of="Found"
          users={others}
          deed="Add"
          onAct={user => add.mutate({ group: group.id, user: user.id })}
        />
        {members.isPending && <Waiting what="the members" />}
        {members.data?.users.length === 0 && <p className="text-soft">Nobody is in it yet.</p>}
        <People
          of="Members"
          users={members.data?.users ?? []}
          deed="Take out"
          onAct={user => remove.mutate({ group: group.id, user: user.id })}
        />
      </div>
    </Dialog>
  )
}

interface PeopleProps {
  readonly of: string
  readonly users: readonly User[]
  readonly deed: 'Add' | 'Take out'
  readonly onAct: (user: User) => void
}

function People({ of, users, deed, onAct }: PeopleProps) {
  if (users.length === 0) return null
  const Icon = deed === 'Add' ? UserPlus : UserMinus
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium">{of}</h3>
      <ul aria-label={of} className="divide-y divide-line rounded-md border border-line">
        {users.map(user => (
          <li key={user.id} className="flex items-center gap-2 px-3 py-1">
            <span className="min-w-0 flex-1 wrap-anywhere">
              <bdi>{user.name}</bdi> <bdi className="text-xs text-soft">{user.email ?? user.id}</bdi>
            </span>
            <IconButton label={`${deed}: ${user.name}`} onClick={() => onAct(user)}>
              <Icon size={16} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
