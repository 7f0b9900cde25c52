// Who the signed-in person is in this tenant.
import type { Role } from '../../../api/operations.gen.ts'
import type { Session } from '../../../api/session.ts'
import { ROLES } from './roles.ts'

export function ownRole({ current }: Session): Role | undefined {
  return current !== null && 'role' in current
    ? ROLES.find(({ value }) => value === current.role)?.value
    : undefined
}

export function ownUser({ current }: Session): string | undefined {
  return current !== null && 'user' in current ? current.user : undefined
}
