// Refuses a user's next call. It can be taken back.
import { useChange } from '../../../../api/operation-query.ts'
import { Confirm } from '../../../../parts/overlays/confirm.tsx'
import { Banner } from '../../../../parts/shown/banner.tsx'
import { ownUser } from '../own-user.ts'
import type { DeedProps } from '../user-deed.tsx'

export function DisableUser({ user, session, onSaid, onClose }: DeedProps) {
  const disable = useChange('disable_user', ['list_users', 'get_user'])
  const isSelf = user.id === ownUser(session)
  return (
    <Confirm
      title={`Disable ${user.name}?`}
      deed={isSelf ? 'Shut myself out' : 'Disable the user'}
      isOpen
      onClose={onClose}
      act={async () => {
        await disable.mutateAsync({ id: user.id })
        onSaid(`${user.name} is disabled.`)
        if (isSelf) window.location.assign('/app')
      }}
    >
      {isSelf && (
        <div className="mb-3">
          <Banner kind="warn">
            This is you. You will be out of this tenant until another admin lets you in again.
          </Banner>
        </div>
      )}
      The next call is refused, whatever session, key or token it comes with, and running tasks end. Role and
      groups stay; Enable lets the user in again.
    </Confirm>
  )
}
