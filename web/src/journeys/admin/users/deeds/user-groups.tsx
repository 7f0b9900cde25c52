// The groups of one user: checked is in.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../../api/operation-query.ts'
import { Button } from '../../../../parts/actions/button.tsx'
import { Checkbox } from '../../../../parts/inputs/checkbox.tsx'
import { Dialog } from '../../../../parts/overlays/dialog.tsx'
import { ProblemNote } from '../../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../../parts/shown/waiting.tsx'
import type { DeedProps } from '../user-deed.tsx'

const STALE = ['list_users', 'get_user', 'list_groups'] as const

export function UserGroups({ user, onClose }: DeedProps) {
  const groups = useQuery(operationQuery('list_groups', { limit: 1_000 }))
  const [isIn, setIn] = useState<ReadonlySet<string>>(new Set(user.groups))
  const add = useChange('add_group_member', STALE)
  const remove = useChange('remove_group_member', STALE)
  const mark = (name: string, isMember: boolean) =>
    setIn(old => new Set(isMember ? [...old, name] : [...old].filter(one => one !== name)))
  const turn = async (name: string, group: string, isMember: boolean) => {
    mark(name, isMember)
    // What was refused is as it was; why, stands above.
    await (isMember ? add : remove).mutateAsync({ group, user: user.id }).catch(() => mark(name, !isMember))
  }
  const problem = groups.error ?? add.error ?? remove.error
  return (
    <Dialog title={`Groups of ${user.name}`} isOpen onClose={onClose}>
      <div className="space-y-3">
        {problem !== null && <ProblemNote problem={problem} />}
        {groups.isPending && <Waiting what="the groups" />}
        {groups.data?.groups.length === 0 && (
          <p className="text-soft">
            There are no groups yet. Make one under Groups: what a group may read, all in it may.
          </p>
        )}
        {groups.data?.groups.map(({ id, name }) => (
          <Checkbox
            key={id}
            label={<bdi>{name}</bdi>}
            checked={isIn.has(name)}
            disabled={add.isPending || remove.isPending}
            onChange={event => void turn(name, id, event.target.checked)}
          />
        ))}
        <div className="flex justify-end">
          <Button onClick={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  )
}
