// revoke_token: a token is refused from now on, although it has not expired.
import { decodeJwt } from 'jose'
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { externalTokenId } from '../../gate/issuers/external-token.ts'
import { MAX_LIFETIME_S } from '../../gate/tokens/access-token.ts'
import type { RevocationRow } from '../../gate/tokens/revocations.ts'
import type { Writer } from '../../platform/db/database.ts'
import { sql, tables } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'

const app = tables<{ token_revocation: RevocationRow }>()

const Input = z
  .strictObject({
    token: z.string().min(1).max(8_192).optional().describe('The token itself.'),
    token_id: z.string().min(1).max(128).optional().describe('Or its id (jti), as create_token answered it.'),
    expires_at: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('With token_id: when the token ends, if known.'),
  })
  .refine(
    ({ token, token_id, expires_at }) =>
      token === undefined ? token_id !== undefined : !(token_id ?? expires_at),
    'give either token, or token_id and perhaps expires_at',
  )

/** What is known of a token without verifying it: to revoke a forged one harms nobody. */
const Claims = z.object({
  iss: z.string().optional(),
  jti: z.string().min(1).max(500).optional(),
  exp: z.number().min(0).max(8.64e12),
})

export interface RevokeTokenDeps {
  /** The `iss` of our own tokens; another issuer's have ids apart from ours. */
  readonly ownIssuer: string
  readonly changed: () => Promise<void>
}

export function revokeToken({ ownIssuer, changed }: RevokeTokenDeps) {
  return defineOperation({
    name: 'revoke_token',
    title: 'Revoke an access token',
    description:
      'Refuses an access token from now on, given the token itself or its id. All processes know within two seconds.',
    realm: 'deployment',
    access: 'write',
    input: Input,
    output: z.strictObject({
      token_id: z.string(),
      expires_at: z.iso.datetime().describe('Until when the revocation is remembered: the end of the token.'),
    }),
    async run(input, call) {
      const { tokenId, expiresAt } = named(input, ownIssuer)
      call.about(`token:${tokenId}`)
      await call.system('manage_keys', tx => rememberRevocation(tx, tokenId, expiresAt))
      await changed()
      return { token_id: tokenId, expires_at: expiresAt.toISOString() }
    },
  })
}

function named(
  { token, token_id, expires_at }: z.output<typeof Input>,
  ownIssuer: string,
): { tokenId: string; expiresAt: Date } {
  if (token !== undefined) return shown(token, ownIssuer)
  // Without its end the token is taken to have been issued just now, for as long as one can be.
  const expiresAt =
    expires_at === undefined ? new Date(Date.now() + MAX_LIFETIME_S * 1000) : new Date(expires_at)
  if (expiresAt.getTime() <= Date.now()) {
    throw fault('invalid_input', {
      issues: [{ field: 'expires_at', message: 'expires_at has passed: such a token is refused anyway' }],
      say: 'expires_at has passed: such a token is refused anyway',
    })
  }
  return { tokenId: String(token_id), expiresAt }
}

function shown(token: string, ownIssuer: string): { tokenId: string; expiresAt: Date } {
  try {
    const { iss, jti, exp } = Claims.parse(decodeJwt(token))
    const expiresAt = new Date(exp * 1000)
    if (iss !== undefined && iss !== ownIssuer)
      return { tokenId: externalTokenId(iss, jti ?? payloadOf(token)), expiresAt }
    return { tokenId: z.string().max(128).parse(jti), expiresAt }
  } catch {
    const message = 'token is not an access token with an id (jti) and an end (exp)'
    throw fault('invalid_input', { issues: [{ field: 'token', message }], say: message })
  }
}

function payloadOf(token: string): Uint8Array {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url')
}

/** `revoked_at` moves with every revocation, since the processes ask for what is newer than they know. */
export async function rememberRevocation(tx: Writer, tokenId: string, expiresAt: Date): Promise<void> {
  // A token that has ended opens nothing, but a task it began may wait on for months.
  await tx.run(sql`delete from app.token_revocation where expires_at < now() - interval '1 year'`)
  await tx.run(
    app
      .insertInto('token_revocation')
      .values({ token_id: tokenId, revoked_at: sql<Date>`now()`, expires_at: expiresAt })
      .onConflict(conflict =>
        conflict.column('token_id').doUpdateSet({
          revoked_at: sql<Date>`now()`,
          expires_at: sql<Date>`greatest(token_revocation.expires_at, excluded.expires_at)`,
        }),
      ),
  )
}
