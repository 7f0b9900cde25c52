// Lets a disabled user in again.
import { useChange } from '../../../../api/operation-query.ts'
import { FormDialog } from '../../../../parts/forms/form-dialog.tsx'
import type { DeedProps } from '../user-deed.tsx'

export function EnableUser({ user, onSaid, onClose }: DeedProps) {
  const enable = useChange('enable_user', ['list_users', 'get_user'])
  const act = async () => {
    await enable.mutateAsync({ id: user.id })
    onSaid(`${user.name} is let in again.`)
  }
  return (
    <FormDialog title={`Enable ${user.name}?`} deed="Enable the user" isOpen {...{ onClose, act }}>
      {() => (
        <p>
          The user is let in again as {user.role}, with the keys and tokens that have not ended meanwhile.
        </p>
      )}
    </FormDialog>
  )
}
