// appoint_owner: who a new tenant belongs to. An operator who names themselves is its owner at once; anybody else gets a
// link. Only where there is no owner: who has one is let in by it, and an operator joins no customer's tenant unasked.
import { z } from 'zod'
import { insertAudit } from '../../../gate/audit/audit-rows.ts'
import type { SystemCall } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { accountByEmail, holdAccount } from '../../../gate/sign-in/account-rows.ts'
import { emailAddress, personName, spelledEmail } from '../../../gate/sign-in/email-address.ts'
import { newSecretCode } from '../../../gate/sign-in/secret-code.ts'
import type { Sessions } from '../../../gate/sign-in/sessions.ts'
import type { Database, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { getTenant } from '../../tenants/get-tenant.ts'
import { linkAddress } from '../link-address.ts'
import { INVITED_FOR_S, insertInvitation } from './invitation-rows.ts'

export interface AppointOwnerDeps {
  readonly publicUrl: string
  readonly database: Pick<Database, 'writeAs'>
  readonly sessions: Pick<Sessions, 'forget'>
}

const Output = z.strictObject({
  tenant_id: z.string(),
  user: z.string().describe('Who owns the tenant, or will: the subject of its calls.'),
  joined: z.boolean().describe('True: it is the owner now. False: it will be, by the link.'),
  link: z
    .string()
    .nullable()
    .describe('Works once. It is shown here and never again. Null for whoever joined.'),
  expires_at: z.iso.datetime().nullable(),
})

export function appointOwner(deps: AppointOwnerDeps) {
  return defineOperation({
    name: 'appoint_owner',
    title: 'Appoint the owner of a tenant',
    description:
      'Gives a tenant without an owner its first one: an operator who names their own e-mail address at once, anybody else by a link that is good for seven days.',
    realm: 'deployment',
    access: 'write',
    input: z.strictObject({
      tenant: z.string().min(1).max(63).describe("The tenant's id or slug."),
      email: emailAddress.describe('Of the owner to be.'),
      name: personName.optional().describe('Who it is.'),
    }),
    output: Output,
    async run({ tenant: ref, email: given, name }, call) {
      const { id } = await activeTenant(ref, call)
      const email = spelledEmail(given)
      call.about(`tenant:${id}/owner:${email}`)
      const isSelf = call.principal.subject === `operator:${email}`
      return isSelf
        ? join(deps, call, { tenantId: id, email })
        : invite(deps, call, { tenantId: id, email, name })
    },
  })
}

interface Owner {
  readonly tenantId: string
  readonly email: string
  readonly name?: string | undefined
}

async function activeTenant(ref: string, call: SystemCall) {
  const { tenant } = await getTenant.run({ tenant: ref }, call)
  if (tenant.status === 'active') return tenant
  throw fault('conflict', {
    reason: `tenant_${tenant.status}`,
    say:
      tenant.status === 'provisioning'
        ? `The tenant "${tenant.slug}" is still being made; try again in a moment.`
        : `The tenant "${tenant.slug}" is ${tenant.status}; it takes no owner now.`,
  })
}

/** The account first: without its user it opens nothing. */
async function join(
  { database, sessions }: AppointOwnerDeps,
  call: SystemCall,
  { tenantId, email }: Owner,
): Promise<z.input<typeof Output>> {
  const account = await call.system('manage_people', tx => linkedAccount(tx, tenantId, email))
  try {
    await inTenant(database, tenantId, async tx => {
      await requireNoOwner(tx, tenantId)
      const added = await tx.run(sql`
        insert into app.tenant_user (tenant_id, id, name, email, role)
        values (${tenantId}, ${email}, ${account.name}, ${email}, 'owner') on conflict do nothing`)
      if (added === 0) throw userExists(email)
      await insertAudit(tx, tenantId, auditRow(call, `user:${email}`))
    })
  } catch (error) {
    // Nobody who gets this id later may be opened by this account.
    if (account.isNew)
      await call.system('manage_people', tx =>
        tx.run(
          sql`delete from app.account_tenant where account_id = ${account.id} and tenant_of = ${tenantId}`,
        ),
      )
    throw error
  }
  sessions.forget(account.id)
  return { tenant_id: tenantId, user: email, joined: true, link: null, expires_at: null }
}

/** The operator's own account, which the user to be will belong to. */
async function linkedAccount(tx: Writer, tenantId: string, email: string) {
  const own = await accountByEmail(tx, email)
  if (own === undefined || own.disabled_at !== null || !own.is_operator)
    throw fault('conflict', { say: `No operator signs in as "${email}".`, reason: 'no_account' })
  await holdAccount(tx, own.id)
  const added = await tx.run(sql`
    insert into app.account_tenant (account_id, tenant_of, user_id) values (${own.id}, ${tenantId}, ${email})
    on conflict do nothing`)
  return { id: own.id, name: own.name, isNew: added === 1 }
}

async function invite(
  { database, publicUrl }: AppointOwnerDeps,
  call: SystemCall,
  { tenantId, email, name = email }: Owner,
): Promise<z.input<typeof Output>> {
  const secret = newSecretCode()
  const id = uuidv7()
  const row = await inTenant(database, tenantId, async tx => {
    await requireNoOwner(tx, tenantId)
    const other = sql`select from app.tenant_user where tenant_id = ${tenantId} and (id = ${email} or email = ${email})`
    if ((await tx.first(other)) !== undefined) throw userExists(email)
    await tx.run(sql`
      delete from app.invitation where tenant_id = ${tenantId} and email = ${email} and accepted_at is null`)
    await insertAudit(tx, tenantId, auditRow(call, `invitation:${id}`))
    const invited = { tenant_id: tenantId, id, email, user_id: email, name, role: 'owner' as const }
    const { subject: invited_by } = call.principal
    const how = { secret_hash: secret.digest, invited_by, lifetime_s: INVITED_FOR_S }
    return tx.first(insertInvitation({ ...invited, ...how }))
  })
  if (row === undefined) throw fault('internal', { detail: 'an insert returned no row' })
  const link = linkAddress(publicUrl, 'invitation', `${tenantId}.${id}.${secret.text}`)
  return { tenant_id: tenantId, user: email, joined: false, link, expires_at: row.expires_at.toISOString() }
}

const inTenant = <T>(
  database: AppointOwnerDeps['database'],
  tenantId: string,
  fn: (tx: Writer) => Promise<T>,
): Promise<T> => database.writeAs({ tenantId, subject: 'gatehouse:operators', rights: ['people'] }, fn)

async function requireNoOwner(tx: Writer, tenantId: string): Promise<void> {
  const owner = await tx.first(sql`
    select from app.tenant_user where tenant_id = ${tenantId} and role = 'owner' and disabled_at is null limit 1`)
  if (owner === undefined) return
  throw fault('conflict', {
    say: 'This tenant has an owner: who else is to be let in is for its owners and admins to say.',
    reason: 'has_owner',
  })
}

function userExists(email: string) {
  return fault('conflict', {
    say: `The tenant has a user "${email}" already, who is no owner.`,
    reason: 'user_exists',
  })
}

/** The tenant's own record says who came to own it, and by whom. */
function auditRow({ principal, requestId, traceId }: SystemCall, object: string) {
  return {
    id: uuidv7(),
    subject: principal.subject,
    token_id: null,
    operation: 'appoint_owner',
    object,
    outcome: 'ok' as const,
    fault: null,
    request_id: requestId,
    trace_id: traceId,
  }
}
