// The people of the tenant: who they are, their groups, and who is invited.
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { may, sessionQuery } from '../../api/session.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Views } from '../../parts/actions/views.tsx'
import { SecretDialog } from '../../parts/forms/secret-once.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { Time } from '../../parts/shown/time.tsx'
import { NotYours } from './not-yours.tsx'
import { GroupsList } from './users/groups-list.tsx'
import { InvitationsList } from './users/invitations-list.tsx'
import { NewUser } from './users/new-user.tsx'
import { PeopleList } from './users/people-list.tsx'

const route = getRouteApi('/users')

export function UsersPage() {
  const { view } = route.useSearch()
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [isAdding, setAdding] = useState(false)
  const [invited, setInvited] = useState<Output<'invite_user'>>()
  const mayWrite = may(session, 'users:write')
  if (!may(session, 'users:read')) return <NotYours title="Users" />
  return (
    <>
      <PageHead
        title="Users"
        lead="Who may act in this tenant, and as what. A role bounds every key, token and session of its user."
        actions={
          mayWrite && (
            <Button look="strong" onClick={() => setAdding(true)}>
              <UserPlus size={14} aria-hidden="true" /> Add somebody
            </Button>
          )
        }
      />
      <Views
        of="Kinds of users"
        views={[
          { label: 'Users', to: { to: '/users', search: {} }, isCurrent: view === undefined },
          { label: 'Groups', to: { to: '/users', search: { view: 'groups' } }, isCurrent: view === 'groups' },
          {
            label: 'Invitations',
            to: { to: '/users', search: { view: 'invitations' } },
            isCurrent: view === 'invitations',
          },
        ]}
      />
      {view === undefined && <PeopleList session={session} onAdd={() => setAdding(true)} />}
      {view === 'groups' && <GroupsList mayWrite={mayWrite} />}
      {view === 'invitations' && <InvitationsList mayWrite={mayWrite} onInvite={() => setAdding(true)} />}
      <NewUser session={session} isOpen={isAdding} onClose={() => setAdding(false)} onInvited={setInvited} />
      <SecretDialog
        title={`Invitation for ${invited?.invitation.email ?? ''}`}
        what="invitation link"
        secret={invited?.link}
        onClose={() => setInvited(undefined)}
      >
        Send it to that person alone: whoever opens it first becomes the user. It works once, until{' '}
        {invited !== undefined && <Time at={invited.expires_at} form="whole" />}. A new invitation for the
        same address takes its place.
      </SecretDialog>
    </>
  )
}
