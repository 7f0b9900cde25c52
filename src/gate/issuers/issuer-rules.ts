// How the tokens of a foreign issuer are read: which claims say tenant, user and scopes, and what may be missing. An
// operator writes these once, when the issuer is trusted. Signatures are RS256 with keys of 2048 bits or more, always.
import { z } from 'zod'
import { USER_ROLES } from '../roles.ts'
import { SCOPE_NAMES } from '../scopes.ts'

const claimName = z.string().min(1).max(200)
const word = z.string().min(1).max(200)
const wordMap = <Value extends z.ZodType>(value: Value) =>
  z.record(word, value).refine(map => Object.keys(map).length <= 200, 'must have at most 200 entries')

export const IssuerRules = z.strictObject({
  tenant_claim: claimName.default('tenant_id').describe('The claim whose value names the tenant.'),
  tenant_map: wordMap(word)
    .optional()
    .describe(
      'Value of that claim → id or slug of the tenant. Without it the value is an id or a slug itself.',
    ),
  fixed_tenant: word
    .optional()
    .describe('All tokens of the issuer are for this tenant, whatever they claim.'),
  user_claim: claimName
    .default('sub')
    .describe('The claim that says who the user is. Never one users can edit.'),
  user_prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'must be 1 to 63 characters: a-z, 0-9, dots and hyphens')
    .optional()
    .describe('Users are called <prefix>|<user>; the host of the issuer by default.'),
  same_users: z
    .boolean()
    .default(false)
    .describe('Its users are ours of the same name: it can then speak for every user of its tenants.'),
  scope_claim: claimName.default('scope').describe('Scopes, as words with spaces or as a list.'),
  scope_map: wordMap(z.array(z.enum(SCOPE_NAMES)).max(SCOPE_NAMES.length))
    .optional()
    .describe(
      'Their word → our scopes. Without it words that are scopes of ours count; all others are ignored.',
    ),
  fixed_scopes: z.array(z.enum(SCOPE_NAMES)).optional().describe('What every token of the issuer allows.'),
  default_role: z
    .enum(USER_ROLES)
    .default('reader')
    .describe('Bounds the scopes of users that the tenant has not described.'),
  may_miss: z
    .array(z.enum(['nbf', 'jti', 'typ']))
    .default([])
    .describe('What its tokens may lack. Without jti a token can be revoked only by showing it.'),
  audience_lists: z
    .boolean()
    .default(false)
    .describe(
      'Accept `aud` as a list that has the audience in it: each of its members can use such tokens here.',
    ),
})

export type IssuerRules = z.output<typeof IssuerRules>
