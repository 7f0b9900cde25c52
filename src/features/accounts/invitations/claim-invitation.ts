// The tenant's side of accepting an invitation: finding it by its link, using it up, taking that back. The link itself
// is the credential: its tenant is believed only as far as the secret beside it is right there.
import { timingSafeEqual } from 'node:crypto'
import { insertAudit } from '../../../gate/audit/audit-rows.ts'
import { deadLink } from '../../../gate/sign-in/one-time-links.ts'
import { digestOfCode } from '../../../gate/sign-in/secret-code.ts'
import type { Database } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { asFault, fault } from '../../../platform/faults.ts'
import { requestContext } from '../../../platform/telemetry/request-context.ts'
import { traceId } from '../../../platform/telemetry/trace.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { invitations, type InvitationRow } from './invitation-rows.ts'

/** `<tenant>.<invitation>.<secret>`, as it stands behind the # of the link. */
const CODE =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/

const addUser = sqlFile<
  Record<'tenant_id' | 'user_id' | 'name' | 'email' | 'role', string>,
  { is_new: boolean }
>(import.meta.url, 'add-user.sql')

/** What accepting does in a tenant, it does as nobody's user. */
const doorsOf = (tenantId: string) => ({
  tenantId,
  subject: 'gatehouse:invitations',
  rights: ['people'] as const,
})

/** The invitation of a code; the same refusal for whatever is wrong with it. */
export async function openInvitation(
  database: Pick<Database, 'readAs'>,
  code: string,
): Promise<InvitationRow> {
  const [, tenantId, id, secret] = CODE.exec(code) ?? []
  const digest = digestOfCode(secret ?? '')
  if (tenantId === undefined || id === undefined || digest === undefined) throw deadLink()
  const query = invitations
    .selectFrom('invitation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
  const row = await database
    .readAs(doorsOf(tenantId), tx => tx.first(query))
    .catch((error: unknown) => {
      if (asFault(error).code === 'forbidden') return undefined
      throw error
    })
  // Compared before anything of the row is looked at: without the secret, nothing of it shows.
  if (row === undefined || !timingSafeEqual(row.secret_hash, digest)) throw deadLink()
  if (row.accepted_at !== null || row.expires_at.getTime() <= Date.now()) throw deadLink()
  return row
}

export interface Claim {
  /** Takes the claim back, for the case that the rest of it failed. */
  undo(): Promise<void>
}

/** Uses the invitation up and makes its user, in one transaction: of two who try at once, one is refused. */
export async function claimInvitation(
  database: Pick<Database, 'writeAs'>,
  invitation: InvitationRow,
  name: string,
): Promise<Claim> {
  const { tenant_id, id, user_id, email, role } = invitation
  const isNew = await database.writeAs(doorsOf(tenant_id), async tx => {
    const claimed = await tx.run(sql`
      update app.invitation set accepted_at = now()
      where tenant_id = ${tenant_id} and id = ${id} and accepted_at is null and expires_at > now()`)
    if (claimed === 0) throw deadLink()
    const user = await tx
      .first(addUser({ tenant_id, user_id, name, email, role }))
      .catch((error: unknown) => {
        throw asFault(error).code === 'conflict' ? takenMeanwhile() : error
      })
    if (user === undefined) throw takenMeanwhile()
    await insertAudit(tx, tenant_id, auditRow(invitation))
    return user.is_new
  })
  return {
    undo: async () => {
      await database.writeAs(doorsOf(tenant_id), async tx => {
        if (isNew)
          await tx.run(sql`delete from app.tenant_user where tenant_id = ${tenant_id} and id = ${user_id}`)
        await tx.run(
          sql`update app.invitation set accepted_at = null where tenant_id = ${tenant_id} and id = ${id}`,
        )
      })
    },
  }
}

function takenMeanwhile() {
  return fault('conflict', {
    say: 'Another user has the id or the e-mail address of this invitation by now; ask for a new one.',
    reason: 'user_exists',
  })
}

function auditRow({ id, user_id }: InvitationRow) {
  const rowId = uuidv7()
  return {
    id: rowId,
    subject: user_id,
    token_id: null,
    operation: 'accept_invitation',
    object: `invitation:${id}`,
    outcome: 'ok' as const,
    fault: null,
    request_id: requestContext()?.requestId ?? rowId,
    trace_id: traceId(),
  }
}
