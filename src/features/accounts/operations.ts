// What the catalog takes from this feature: who may sign in, asked by operators and by the admins of a tenant.
import type { Operation } from '../../gate/operation.ts'
import type { Sessions } from '../../gate/sign-in/sessions.ts'
import type { Database } from '../../platform/db/database.ts'
import { disableAccount, enableAccount } from './disable-account.ts'
import { appointOwner } from './invitations/appoint-owner.ts'
import { inviteUser } from './invitations/invite-user.ts'
import { listInvitations } from './invitations/list-invitations.ts'
import { revokeInvitation } from './invitations/revoke-invitation.ts'
import { inviteOperator } from './invite-operator.ts'
import { listAccounts } from './list-accounts.ts'
import { resetAccount } from './reset-account.ts'
import { resetUserPassword } from './reset-user-password.ts'

export interface AccountsDeps {
  readonly database: Pick<Database, 'system' | 'writeAs'>
  /** Decides the address of links. */
  readonly publicUrl: string
  readonly sessions: Pick<Sessions, 'endAllIn' | 'forget'>
}

export function operations({ database, publicUrl, sessions }: AccountsDeps): Operation[] {
  return [
    appointOwner({ publicUrl, database, sessions }),
    inviteUser({ publicUrl }),
    listInvitations,
    revokeInvitation,
    resetUserPassword({ publicUrl, database }),
    listAccounts,
    inviteOperator({ publicUrl, sessions }),
    resetAccount({ publicUrl }),
    disableAccount({ sessions }),
    enableAccount,
  ]
}
