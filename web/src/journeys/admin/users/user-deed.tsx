// What is done with one user: each deed with its question, its warning to those who would shut themselves out, and its
// answer.
import type { User } from '../../../api/operations.gen.ts'
import type { Session } from '../../../api/session.ts'
import { ChangeUser } from './deeds/change-user.tsx'
import { DisableUser } from './deeds/disable-user.tsx'
import { EnableUser } from './deeds/enable-user.tsx'
import { RemoveUser } from './deeds/remove-user.tsx'
import { ResetLink } from './deeds/reset-link.tsx'
import { UserGroups } from './deeds/user-groups.tsx'

export type Deed = 'change' | 'groups' | 'reset' | 'disable' | 'enable' | 'remove'

export interface DeedProps {
  readonly user: User
  readonly session: Session
  /** In one line, what was done. */
  readonly onSaid: (words: string) => void
  readonly onClose: () => void
}

const DEEDS = {
  change: ChangeUser,
  groups: UserGroups,
  reset: ResetLink,
  disable: DisableUser,
  enable: EnableUser,
  remove: RemoveUser,
}

export function UserDeed({ deed, ...props }: DeedProps & { readonly deed: Deed }) {
  const Chosen = DEEDS[deed]
  return <Chosen {...props} />
}
