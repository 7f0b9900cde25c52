// The first owner of a tenant that has none.
import { useState } from 'react'
import type { Output } from '../../../../api/call.ts'
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog, textOf } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { OwnerLink } from '../making/owner-link.tsx'
import type { TenantDeedProps } from '../tenant-deed.tsx'

export function AppointOwner({ tenant, session, onSaid, onClose }: TenantDeedProps) {
  const appoint = useChange('appoint_owner', ['list_tenants'])
  const [made, setMade] = useState<Output<'appoint_owner'>>()
  const act = async (form: FormData) => {
    const owner = await appoint.mutateAsync({ tenant: tenant.id, email: textOf(form, 'email') ?? '' })
    if (owner.joined) {
      onSaid(`You own ${tenant.name} now; choose it at the top left to go there.`)
      return undefined
    }
    setMade(owner)
    return 'stay'
  }
  if (made !== undefined) return <OwnerLink made={made} name={tenant.name} onClose={onClose} />
  return (
    <FormDialog title={`The first owner of ${tenant.name}`} deed="Appoint" isOpen {...{ onClose, act }}>
      {wrong => (
        <>
          <p>Only for a tenant without an owner. Who else is let in is then for the owner to say.</p>
          <TextField
            label="E-mail"
            name="email"
            type="email"
            required
            autoComplete="off"
            hint={`You get a link to send them. With your own address (${session.account.email}) you own it at once.`}
            wrong={wrong('email')}
          />
        </>
      )}
    </FormDialog>
  )
}
