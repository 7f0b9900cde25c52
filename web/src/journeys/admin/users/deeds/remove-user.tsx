// Takes a user out of the tenant for good.
import { useChange } from '../../../../api/operation-query.ts'
import { Confirm } from '../../../../parts/overlays/confirm.tsx'
import { Banner } from '../../../../parts/shown/banner.tsx'
import { ownUser } from '../own-user.ts'
import type { DeedProps } from '../user-deed.tsx'

export function RemoveUser({ user, session, onSaid, onClose }: DeedProps) {
  const remove = useChange('remove_user', ['list_users', 'get_user', 'list_groups', 'list_api_keys'])
  const isSelf = user.id === ownUser(session)
  return (
    <Confirm
      title={`Remove ${user.name}?`}
      deed={isSelf ? 'Remove myself' : 'Remove the user'}
      isOpen
      onClose={onClose}
      act={async () => {
        await remove.mutateAsync({ id: user.id })
        onSaid(`${user.name} is removed.`)
        if (isSelf) window.location.assign('/app')
      }}
    >
      {isSelf && (
        <div className="mb-3">
          <Banner kind="warn">
            This is you. You will be out of this tenant, and only an invitation lets you in again.
          </Banner>
        </div>
      )}
      <p>What goes and does not come back:</p>
      <ul className="list-disc pl-5">
        <li>membership in groups, and every place on an access list</li>
        <li>all API keys, tokens and tasks of the user</li>
      </ul>
      <p className="mt-2">
        Documents the user added stay. To shut somebody out for a while, disable them instead.
      </p>
    </Confirm>
  )
}
