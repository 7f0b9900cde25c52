// invite_user: a link with which somebody becomes a user of the tenant. It is for one e-mail address; a second
// invitation for that address takes the place of the first.
import { z } from 'zod'
import type { WriteCall } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { USER_ROLES, type UserRole } from '../../../gate/roles.ts'
import { emailAddress, personName, spelledEmail } from '../../../gate/sign-in/email-address.ts'
import { newSecretCode } from '../../../gate/sign-in/secret-code.ts'
import { RESERVED_SUBJECT, SUBJECT } from '../../../gate/tokens/access-token.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { linkShape } from '../account-shape.ts'
import { linkAddress } from '../link-address.ts'
import {
  INVITED_FOR_S,
  insertInvitation,
  invitationShape,
  requireMayGive,
  shownInvitation,
  type InvitationRow,
} from './invitation-rows.ts'

const Input = z.strictObject({
  email: emailAddress,
  name: personName.optional().describe('Who it is; the person may write it otherwise.'),
  id: z
    .string()
    .regex(SUBJECT, 'must be 1 to 200 visible characters')
    .refine(id => !RESERVED_SUBJECT.test(id), 'must not begin with gatehouse:, service: or operator:')
    .optional()
    .describe(
      'The subject of its calls, never changed; by default the user of that e-mail, else the e-mail itself.',
    ),
  role: z.enum(USER_ROLES, `must be one of ${USER_ROLES.join(', ')}`).describe('Not above your own.'),
})

export function inviteUser({ publicUrl }: { readonly publicUrl: string }) {
  return defineOperation({
    name: 'invite_user',
    title: 'Invite a user',
    description:
      'Makes a link, good for seven days and for one use, with which somebody becomes a user of the tenant and can sign in.',
    realm: 'tenant',
    access: 'write',
    scope: 'users:write',
    tool: false,
    uncounted: true,
    input: Input,
    output: z.strictObject({ invitation: invitationShape, ...linkShape }),
    async run(input, call) {
      const { tenantId } = call.principal
      requireMayGive(input.role, call.principal.scopes)
      const secret = newSecretCode()
      const id = uuidv7()
      call.about(`invitation:${id}`)
      const guest = { ...input, asked: input.id, id, secretHash: secret.digest }
      const row = await call.write(tx => invite(tx, call, guest))
      return {
        invitation: shownInvitation(row),
        link: linkAddress(publicUrl, 'invitation', `${tenantId}.${id}.${secret.text}`),
        expires_at: row.expires_at.toISOString(),
      }
    },
  })
}

interface Guest {
  /** Of the invitation. */
  readonly id: string
  /** The user's, where one was given. */
  readonly asked: string | undefined
  readonly email: string
  readonly name?: string | undefined
  readonly role: UserRole
  readonly secretHash: Buffer
}

async function invite(tx: Writer, { principal }: WriteCall, guest: Guest): Promise<InvitationRow> {
  const { tenantId, subject, scopes } = principal
  const { asked, secretHash } = guest
  const email = spelledEmail(guest.email)
  const user = await userFor(tx, tenantId, { email, asked })
  if (user !== undefined) requireMayGive(user.role, scopes)
  await tx.run(sql`
    delete from app.invitation where tenant_id = ${tenantId} and email = ${email} and accepted_at is null`)
  const row = await tx.first(
    insertInvitation({
      tenant_id: tenantId,
      id: guest.id,
      email,
      user_id: user?.id ?? asked ?? email,
      name: guest.name ?? user?.name ?? email,
      role: user?.role ?? guest.role,
      secret_hash: secretHash,
      invited_by: subject,
      lifetime_s: INVITED_FOR_S,
    }),
  )
  if (row === undefined) throw fault('internal', { detail: 'an insert returned no row' })
  return row
}

interface KnownUser {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly role: UserRole
  readonly is_disabled: boolean
}

/** The user who is meant, where the tenant has described one: it may be invited to sign in, and keeps its role. */
async function userFor(
  tx: Writer,
  tenantId: string,
  { email, asked }: { readonly email: string; readonly asked: string | undefined },
): Promise<KnownUser | undefined> {
  const found = await tx.all(sql<KnownUser>`
    select id, name, email, role, disabled_at is not null as is_disabled from app.tenant_user
    where tenant_id = ${tenantId} and (email = ${email} or id = ${asked ?? email})`)
  const [user] = found
  if (user === undefined) return undefined
  if (found.length > 1 || user.email !== email || (asked !== undefined && user.id !== asked))
    throw fault('conflict', {
      say: 'Another user has that id or e-mail address; give the id and the address of one and the same user.',
      reason: 'user_exists',
    })
  if (user.is_disabled)
    throw fault('conflict', {
      say: `"${user.id}" is disabled; enable the user first.`,
      reason: 'user_disabled',
    })
  return user
}
