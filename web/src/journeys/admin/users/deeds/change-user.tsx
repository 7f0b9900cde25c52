// Another name, e-mail address or role.
import { useState } from 'react'
import { useChange } from '../../../../api/operation-query.ts'
import type { Role } from '../../../../api/operations.gen.ts'
import { FormDialog, textOf } from '../../../../parts/forms/form-dialog.tsx'
import { TextField } from '../../../../parts/inputs/field.tsx'
import { Banner } from '../../../../parts/shown/banner.tsx'
import { ownRole, ownUser } from '../own-user.ts'
import { RoleSelect } from '../role-select.tsx'
import { reaches } from '../roles.ts'
import type { DeedProps } from '../user-deed.tsx'

export function ChangeUser({ user, session, onSaid, onClose }: DeedProps) {
  const [role, setRole] = useState<Role>(user.role)
  const update = useChange('update_user', ['list_users', 'get_user'])
  const isLowered = user.id === ownUser(session) && role !== user.role && reaches(user.role, role)
  const act = async (form: FormData) => {
    const name = textOf(form, 'name') ?? user.name
    const email = textOf(form, 'email') ?? null
    await update.mutateAsync({ id: user.id, name, role, ...(email === user.email ? {} : { email }) })
    onSaid(`${name} is changed.`)
    // What one may do oneself has changed: the page begins anew with it.
    if (user.id === ownUser(session) && role !== user.role) window.location.assign('/app')
  }
  return (
    <FormDialog title={`Change ${user.name}`} deed="Save" isOpen {...{ onClose, act }}>
      {wrong => (
        <>
          <TextField label="Name" name="name" required defaultValue={user.name} wrong={wrong('name')} />
          <TextField
            label="E-mail"
            name="email"
            type="email"
            defaultValue={user.email ?? ''}
            hint="For people to know who it is. What somebody signs in with stays the same."
            wrong={wrong('email')}
          />
          <RoleSelect own={ownRole(session)} value={role} onChange={setRole} />
          {isLowered && (
            <Banner kind="warn">
              This is you. As {role} you cannot take this back: somebody of the role {user.role} has to.
            </Banner>
          )}
        </>
      )}
    </FormDialog>
  )
}
