// Who may read: everyone in the tenant, or people and groups that are chosen. For new documents and for one that is there.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { DocumentAccess } from '../../../api/operations.gen.ts'
import { may, type Session } from '../../../api/session.ts'
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'

export type Access = 'everyone' | DocumentAccess

export interface AccessChoiceProps {
  readonly session: Session
  readonly value: Access
  readonly onChange: (value: Access) => void
}

export function AccessChoice({ session, value, onChange }: AccessChoiceProps) {
  const isListed = value !== 'everyone'
  const self = session.current !== null && 'user' in session.current ? session.current.user : undefined
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Who may read</legend>
      <label className="flex items-center gap-2 py-1 text-sm">
        <input
          type="radio"
          name="who-may-read"
          checked={!isListed}
          onChange={() => onChange('everyone')}
          className="size-4 accent-accent"
        />
        Everyone in this tenant
      </label>
      <label className="flex items-center gap-2 py-1 text-sm">
        <input
          type="radio"
          name="who-may-read"
          checked={isListed}
          onChange={() => onChange({ users: self === undefined ? [] : [self], groups: [] })}
          className="size-4 accent-accent"
        />
        Only these
      </label>
      {value !== 'everyone' && (
        <div className="mt-1 pl-6">
          {may(session, 'users:read') ? (
            <Members value={value} onChange={onChange} self={self} />
          ) : (
            <p className="text-sm text-soft">
              {wordsOf(value, self)} Whoever may see the users can choose others.
            </p>
          )}
        </div>
      )}
    </fieldset>
  )
}

function wordsOf({ users, groups }: DocumentAccess, self: string | undefined): string {
  const names = [...users.map(user => (user === self ? 'you' : user)), ...groups]
  return names.length === 0 ? 'Nobody is chosen.' : `Chosen: ${names.join(', ')}.`
}

interface MembersProps {
  readonly value: DocumentAccess
  readonly onChange: (value: DocumentAccess) => void
  readonly self: string | undefined
}

function Members({ value, onChange, self }: MembersProps) {
  const [sought, setSought] = useState('')
  const users = useQuery(operationQuery('list_users', { limit: 100 }))
  const groups = useQuery(operationQuery('list_groups', { limit: 100 }))
  const problem = users.error ?? groups.error
  if (problem !== null) return <ProblemNote problem={problem} />
  if (users.data === undefined || groups.data === undefined) return <Waiting what="people and groups" />
  const isSought = (...words: (string | null)[]) =>
    words.some(word => word?.toLowerCase().includes(sought.trim().toLowerCase()))
  const toggle = (kind: 'users' | 'groups', id: string) =>
    onChange({
      ...value,
      [kind]: value[kind].includes(id) ? value[kind].filter(one => one !== id) : [...value[kind], id],
    })
  // Who is on the list already is shown, also beyond the first page.
  const people = [
    ...users.data.users,
    ...value.users
      .filter(id => users.data.users.every(user => user.id !== id))
      .map(id => ({ id, name: id, email: null })),
  ]
  const isMore = users.data.next !== null || groups.data.next !== null
  return (
    <div>
      <TextField
        label="Find people and groups"
        isLabelUnseen
        type="search"
        placeholder="Find people and groups"
        value={sought}
        onChange={event => setSought(event.currentTarget.value)}
      />
      <div className="mt-1 max-h-56 overflow-auto rounded-md border border-line px-3 py-1">
        {groups.data.groups
          .filter(({ name }) => isSought(name))
          .map(({ id, name, members }) => (
            <Checkbox
              key={id}
              label={<bdi>{name}</bdi>}
              hint={`Group of ${members.toLocaleString()}`}
              checked={value.groups.includes(name)}
              onChange={() => toggle('groups', name)}
            />
          ))}
        {people
          .filter(({ id, name, email }) => isSought(id, name, email))
          .map(({ id, name, email }) => (
            <Checkbox
              key={id}
              label={<bdi>{id === self ? `${name} (you)` : name}</bdi>}
              hint={email ?? undefined}
              checked={value.users.includes(id)}
              onChange={() => toggle('users', id)}
            />
          ))}
      </div>
      {isMore && <p className="mt-1 text-xs text-soft">Only the first 100 of each are listed.</p>}
    </div>
  )
}
