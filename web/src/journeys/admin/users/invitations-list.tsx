// Who is invited, and what became of it. The links were shown when they were made.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery, useChange } from '../../../api/operation-query.ts'
import type { Invitation } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { Confirm } from '../../../parts/overlays/confirm.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'

export interface InvitationsListProps {
  readonly mayWrite: boolean
  readonly onInvite: () => void
}

export function InvitationsList({ mayWrite, onInvite }: InvitationsListProps) {
  const all = useQuery(operationQuery('list_invitations', { limit: 1_000 }))
  const revoke = useChange('revoke_invitation', ['list_invitations'])
  const [said, setSaid] = useState('')
  const [asked, setAsked] = useState<Invitation>()
  return (
    <>
      <Said>{said}</Said>
      {all.isError && <ProblemNote problem={all.error} onRetry={() => void all.refetch()} />}
      {all.isPending && <Waiting what="the invitations" />}
      {all.data?.invitations.length === 0 && (
        <EmptyState
          title="Nobody is invited"
          action={mayWrite && <Button onClick={onInvite}>Invite somebody</Button>}
        >
          An invitation is a link with which somebody becomes a user and chooses a password.
        </EmptyState>
      )}
      {all.data !== undefined && all.data.invitations.length > 0 && (
        <Table
          caption="Invitations of the tenant"
          rows={all.data.invitations}
          columns={columns(mayWrite ? setAsked : undefined)}
          keyOf={({ id }) => id}
        />
      )}
      <Confirm
        title={`Take back the invitation of ${asked?.email ?? ''}?`}
        deed="Take it back"
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        act={async () => {
          await revoke.mutateAsync({ id: asked?.id ?? '' })
          setSaid(`The invitation of ${asked?.email ?? ''} is taken back.`)
        }}
      >
        Its link opens nothing any more. You can invite the same address again.
      </Confirm>
    </>
  )
}

const TONES = { open: 'accent', accepted: 'good', expired: 'plain' } as const

function columns(onRevoke: ((invitation: Invitation) => void) | undefined): Column<Invitation>[] {
  return [
    { key: 'email', head: 'For', cell: ({ email }) => <bdi className="wrap-anywhere">{email}</bdi> },
    { key: 'role', head: 'Role', cell: ({ role }) => <span className="capitalize">{role}</span> },
    { key: 'status', head: 'Status', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
    {
      key: 'by',
      head: 'Invited by',
      cell: ({ invited_by }) => <bdi className="wrap-anywhere">{invited_by}</bdi>,
      isMinor: true,
    },
    { key: 'made', head: 'Made', cell: ({ created_at }) => <Time at={created_at} />, isMinor: true },
    { key: 'until', head: 'Works until', cell: ({ expires_at }) => <Time at={expires_at} form="whole" /> },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: invitation =>
        invitation.status === 'open' &&
        onRevoke !== undefined && (
          <Button
            look="quiet"
            className="-my-1.5"
            onClick={() => onRevoke(invitation)}
            aria-label={`Take back the invitation of ${invitation.email}`}
          >
            Take back
          </Button>
        ),
    },
  ]
}
