// What the catalog takes from this feature.
import type { Operation } from '../../gate/operation.ts'
import { addGroupMember, removeGroupMember } from './groups/change-members.ts'
import { createGroup } from './groups/create-group.ts'
import { listGroups } from './groups/list-groups.ts'
import { removeGroup } from './groups/remove-group.ts'
import { renameGroup } from './groups/rename-group.ts'
import { createUser } from './users/create-user.ts'
import { disableUser, enableUser } from './users/disable-user.ts'
import { getUser } from './users/get-user.ts'
import { listUsers } from './users/list-users.ts'
import { removeUser, type RemoveUserDeps } from './users/remove-user.ts'
import { updateUser } from './users/update-user.ts'

export type PeopleDeps = RemoveUserDeps

export function operations(deps: PeopleDeps): Operation[] {
  return [
    listUsers,
    getUser,
    createUser(deps),
    updateUser(deps),
    disableUser(deps),
    enableUser(deps),
    removeUser(deps),
    listGroups,
    createGroup,
    renameGroup,
    removeGroup(deps),
    addGroupMember,
    removeGroupMember,
  ]
}
