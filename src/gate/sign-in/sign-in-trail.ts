// Puts on record that somebody signed in or changed what they sign in with: a row of the deployment's audit in the
// transaction that did it. Wrong passwords leave a log line only, so that nobody can flood the audit.
import type { Writer } from '../../platform/db/database.ts'
import { requestContext } from '../../platform/telemetry/request-context.ts'
import { traceId } from '../../platform/telemetry/trace.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { insertDeploymentAudit } from '../audit/audit-rows.ts'

export type SignInAct = 'sign_in' | 'change_password' | 'reset_password' | 'first_run' | 'accept_invitation'

/** `tx` is a system transaction. */
export async function recordSignIn(
  tx: Writer,
  act: SignInAct,
  email: string,
  object?: string,
): Promise<void> {
  const id = uuidv7()
  await insertDeploymentAudit(tx, {
    id,
    subject: `account:${email}`,
    token_id: null,
    operation: act,
    object: object ?? null,
    outcome: 'ok',
    fault: null,
    request_id: requestContext()?.requestId ?? id,
    trace_id: traceId(),
  })
}
