// An operator makes a tenant, for themselves or for somebody else.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operationQuery } from '../../../../api/operation-query.ts'
import type { Session } from '../../../../api/session.ts'
import { Button } from '../../../../parts/actions/button.tsx'
import { wrongAt } from '../../../../parts/forms/wrong-at.ts'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { Select } from '../../../../parts/inputs/select.tsx'
import { Dialog } from '../../../../parts/overlays/dialog.tsx'
import { ProblemNote } from '../../../../parts/shown/problem-note.tsx'
import type { MadeTenant } from './make-tenant.ts'
import { MakingProgress } from './making-progress.tsx'
import { chosenSlug, NameFields, type TenantNames } from './name-fields.tsx'
import { useMaking } from './use-making.ts'

type Owner = 'self' | 'other' | 'nobody'

export interface NewTenantProps {
  readonly session: Session
  readonly onMade: (made: MadeTenant) => void
  readonly onClose: () => void
}

export function NewTenant({ session, onMade, onClose }: NewTenantProps) {
  const tiers = useQuery(operationQuery('list_tiers', {}))
  const [names, setNames] = useState<TenantNames>({ name: '', ownSlug: undefined })
  const [tier, setTier] = useState('standard')
  const [owner, setOwner] = useState<Owner>('other')
  const [email, setEmail] = useState('')
  const { done, isBusy, problem, registered, make } = useMaking()
  const submit = async () => {
    const ownerEmail = { self: session.account.email, other: email.trim(), nobody: undefined }[owner]
    const wanted = { name: names.name.trim(), slug: chosenSlug(names), tier }
    const made = await make(ownerEmail === undefined ? wanted : { ...wanted, ownerEmail })
    if (made !== undefined) onMade(made)
  }
  return (
    <Dialog title="New tenant" isOpen onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={event => {
          event.preventDefault()
          if (!isBusy) void submit()
        }}
      >
        <NameFields names={names} onChange={setNames} problem={problem} disabled={registered !== undefined} />
        <Select
          label="Tier"
          value={tier}
          choices={
            tiers.data?.tiers.map(({ id, name }) => ({ value: id, label: name })) ?? [
              { value: tier, label: tier },
            ]
          }
          onChange={setTier}
          disabled={registered !== undefined}
        />
        <OwnerChoice
          {...{ owner, email }}
          onOwner={setOwner}
          onEmail={setEmail}
          wrong={wrongAt(problem)('email')}
        />
        {done !== undefined && (isBusy || done.length > 0) && (
          <MakingProgress done={done} isBusy={isBusy} hasOwner={owner !== 'nobody'} />
        )}
        {problem !== undefined && <ProblemNote problem={problem} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" isBusy={isBusy}>
            {registered === undefined ? 'Create the tenant' : 'Go on'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface OwnerChoiceProps {
  readonly owner: Owner
  readonly email: string
  readonly onOwner: (owner: Owner) => void
  readonly onEmail: (email: string) => void
  readonly wrong: string | undefined
}

function OwnerChoice({ owner, email, onOwner, onEmail, wrong }: OwnerChoiceProps) {
  return (
    <>
      <Select
        label="Owner"
        value={owner}
        choices={[
          { value: 'other', label: 'Somebody else, by a link' },
          { value: 'self', label: 'You' },
          { value: 'nobody', label: 'Nobody yet' },
        ]}
        onChange={onOwner}
      />
      {owner === 'other' && (
        <TextField
          label="The owner’s e-mail"
          type="email"
          required
          autoComplete="off"
          value={email}
          onChange={event => onEmail(event.target.value)}
          hint="You get a link to send them: with it they own the tenant and choose a password."
          wrong={wrong}
        />
      )}
    </>
  )
}
