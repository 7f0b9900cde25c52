// Builds what people sign in with: one hasher, one count of attempts and one memory of sessions for the process.
import { acceptInvitationWith, type AcceptInvitation } from './invitations/accept-invitation.ts'
import { beginDeploymentWith, type BeginDeployment } from './begin-deployment.ts'
import { memoryLimiter } from '../../gate/limits/memory-limiter.ts'
import { choosePassword, type ChoosePassword } from '../../gate/sign-in/choose-password.ts'
import { passwordHasher } from '../../gate/sign-in/password-hash.ts'
import { sessions, type Sessions } from '../../gate/sign-in/sessions.ts'
import { signInAttempts } from '../../gate/sign-in/sign-in-attempt.ts'
import { signInWith, type SignIn } from '../../gate/sign-in/sign-in.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'

export interface Accounts extends ChoosePassword, BeginDeployment {
  readonly sessions: Sessions
  readonly signIn: SignIn
  readonly acceptInvitation: AcceptInvitation
}

export interface AccountDoorsDeps {
  readonly database: Database
  readonly publicUrl: string
  readonly sampleTenants: () => Promise<readonly string[]>
  readonly log: Logger
}

export function accountDoors({ database, publicUrl, sampleTenants, log }: AccountDoorsDeps): Accounts {
  const shared = {
    database,
    hasher: passwordHasher(),
    takeAttempt: signInAttempts({ limiter: memoryLimiter() }),
    sessions: sessions({ database }),
    log,
  }
  return {
    sessions: shared.sessions,
    signIn: signInWith(shared),
    acceptInvitation: acceptInvitationWith(shared),
    ...choosePassword(shared),
    ...beginDeploymentWith({ ...shared, publicUrl, sampleTenants }),
  }
}
