// The users of the tenant, filtered and page by page, and what can be done with each.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { operationQuery } from '../../../api/operation-query.ts'
import type { User } from '../../../api/operations.gen.ts'
import { may, type Session } from '../../../api/session.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Pages } from '../../../parts/actions/pages.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { ownRole, ownUser } from './own-user.ts'
import { PeopleFilter } from './people-filter.tsx'
import { PeopleTable } from './people-table.tsx'
import { type Deed, UserDeed } from './user-deed.tsx'

const route = getRouteApi('/users')
const PAGE = 50

export function PeopleList({ session, onAdd }: { readonly session: Session; readonly onAdd: () => void }) {
  const { view: _, ...asked } = route.useSearch()
  const navigate = route.useNavigate()
  const [said, setSaid] = useState('')
  const [doing, setDoing] = useState<{ readonly deed: Deed; readonly user: User }>()
  const people = useQuery({
    ...operationQuery('list_users', { ...asked, limit: PAGE }),
    placeholderData: keepPreviousData,
  })
  const isFiltered = Object.keys(asked).some(name => name !== 'after')
  return (
    <>
      <PeopleFilter />
      <Said>{said}</Said>
      {people.isError && <ProblemNote problem={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending && <Waiting what="the users" lines={5} />}
      {people.data?.users.length === 0 && (
        <EmptyState
          title={isFiltered ? 'Nobody like that' : 'Nobody is here yet'}
          action={
            isFiltered ? (
              <Button onClick={() => void navigate({ search: {} })}>Show everybody</Button>
            ) : (
              may(session, 'users:write') && <Button onClick={onAdd}>Add somebody</Button>
            )
          }
        />
      )}
      {people.data !== undefined && people.data.users.length > 0 && (
        <PeopleTable
          users={people.data.users}
          self={ownUser(session)}
          own={may(session, 'users:write') ? ownRole(session) : undefined}
          onDeed={(deed, user) => setDoing({ deed, user })}
        />
      )}
      <Pages
        of="users"
        isFirst={asked.after === undefined}
        hasNext={people.data !== undefined && people.data.next !== null}
        onFirst={() => void navigate({ search: ({ after: _, ...rest }) => rest })}
        onNext={() => void navigate({ search: old => ({ ...old, after: people.data?.next ?? '' }) })}
      />
      {doing !== undefined && (
        <UserDeed
          key={`${doing.deed} ${doing.user.id}`}
          {...doing}
          session={session}
          onSaid={setSaid}
          onClose={() => setDoing(undefined)}
        />
      )}
    </>
  )
}
