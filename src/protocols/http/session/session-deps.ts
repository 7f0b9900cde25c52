// What the routes and pages of signing in are built from.
import type { BeginDeployment } from '../../../features/accounts/begin-deployment.ts'
import type { AcceptInvitation } from '../../../features/accounts/invitations/accept-invitation.ts'
import type { ChoosePassword } from '../../../gate/sign-in/choose-password.ts'
import type { Sessions } from '../../../gate/sign-in/sessions.ts'
import type { SignIn } from '../../../gate/sign-in/sign-in.ts'

export interface SessionDeps extends ChoosePassword, Pick<BeginDeployment, 'begin'> {
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly acceptInvitation: AcceptInvitation
  /** The address clients use: decides the cookie and whose pages may send forms. */
  readonly publicUrl: string
}
