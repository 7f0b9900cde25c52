// Somebody new: by an invitation, with which they sign in, or as a user for tokens and keys alone.
import { useState } from 'react'
import type { Output } from '../../../api/call.ts'
import { useChange } from '../../../api/operation-query.ts'
import type { Role } from '../../../api/operations.gen.ts'
import type { Session } from '../../../api/session.ts'
import { FormDialog, textOf } from '../../../parts/forms/form-dialog.tsx'
import { Checkbox } from '../../../parts/inputs/checkbox.tsx'
import { TextField } from '../../../parts/inputs/field.tsx'
import { ownRole } from './own-user.ts'
import { RoleSelect } from './role-select.tsx'

export interface NewUserProps {
  readonly session: Session
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onInvited: (invited: Output<'invite_user'>) => void
}

export function NewUser({ session, isOpen, onClose, onInvited }: NewUserProps) {
  const [role, setRole] = useState<Role>('member')
  const [isInvited, setIsInvited] = useState(true)
  const invite = useChange('invite_user', ['list_invitations'])
  const create = useChange('create_user', ['list_users'])
  const act = async (form: FormData) => {
    const email = textOf(form, 'email')
    const name = textOf(form, 'name')
    if (isInvited) onInvited(await invite.mutateAsync({ email: email ?? '', role, ...(name && { name }) }))
    else
      await create.mutateAsync({
        id: textOf(form, 'id') ?? '',
        name: name ?? '',
        role,
        ...(email && { email }),
      })
  }
  return (
    <FormDialog
      title="Add somebody"
      deed={isInvited ? 'Make the invitation' : 'Create the user'}
      {...{ isOpen, onClose, act }}
    >
      {wrong => (
        <>
          <Checkbox
            label="They sign in on this page"
            hint="You get a link to send them. Without it the user is one for access tokens and API keys."
            checked={isInvited}
            onChange={event => setIsInvited(event.target.checked)}
          />
          {!isInvited && (
            <TextField
              label="Id"
              name="id"
              required
              autoComplete="off"
              hint="The subject of its tokens. It never changes."
              wrong={wrong('id')}
            />
          )}
          <TextField
            label={isInvited ? 'E-mail' : 'E-mail, if there is one'}
            name="email"
            type="email"
            required={isInvited}
            autoComplete="off"
            wrong={wrong('email')}
          />
          <TextField
            label={isInvited ? 'Name, if you know it' : 'Name'}
            name="name"
            required={!isInvited}
            autoComplete="off"
            wrong={wrong('name')}
          />
          <RoleSelect own={ownRole(session)} value={role} onChange={setRole} />
        </>
      )}
    </FormDialog>
  )
}
