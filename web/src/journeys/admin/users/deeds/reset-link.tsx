// A link with which a user chooses a new password.
import { useState } from 'react'
import type { Output } from '../../../../api/call.ts'
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog } from '../../../../parts/forms/form-dialog.tsx'
import { SecretDialog } from '../../../../parts/forms/secret-once.tsx'
import { Time } from '../../../../parts/shown/time.tsx'
import type { DeedProps } from '../user-deed.tsx'

export function ResetLink({ user, onClose }: DeedProps) {
  const reset = useChange('reset_user_password')
  const [made, setMade] = useState<Output<'reset_user_password'>>()
  const act = async () => {
    setMade(await reset.mutateAsync({ id: user.id }))
    return 'stay'
  }
  if (made !== undefined)
    return (
      <SecretDialog
        title={`A new password for ${user.name}`}
        what="link for a new password"
        secret={made.link}
        onClose={onClose}
      >
        Send it to {user.name} alone: whoever opens it chooses the password. It works once, until{' '}
        <Time at={made.expires_at} form="whole" />.
      </SecretDialog>
    )
  return (
    <FormDialog title={`A new password for ${user.name}?`} deed="Make the link" isOpen {...{ onClose, act }}>
      {() => <p>You get a link to send to {user.name}. The old password works until somebody has used it.</p>}
    </FormDialog>
  )
}
