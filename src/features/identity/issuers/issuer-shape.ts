// A trusted issuer as operators see it.
import { z } from 'zod'
import { IssuerRules } from '../../../gate/issuers/issuer-rules.ts'
import type { Statement } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'

/** For inputs: `iss` as it stands in the tokens. */
export const issuerName = z
  .url()
  .min(8)
  .max(500)
  .refine(
    text => !URL.canParse(text) || (/^https?:$/.test(new URL(text).protocol) && !/[?#]/.test(text)),
    'must be an http(s) URL without query and fragment',
  )
  .describe('The issuer, exactly as in the `iss` of its tokens.')

export const issuerShape = z.strictObject({
  issuer: z.string(),
  jwks_url: z.string(),
  audience: z.string(),
  tenants: z.array(z.string()).describe('Ids of the tenants it may speak for.'),
  rules: IssuerRules,
  created_at: z.iso.datetime(),
  changed_at: z.iso.datetime(),
})

export interface IssuerRow {
  readonly issuer: string
  readonly jwks_url: string
  readonly audience: string
  readonly tenants: readonly string[]
  readonly rules: IssuerRules
  readonly created_at: Date
  readonly changed_at: Date
}

export function issuerRows(): Statement<IssuerRow> {
  return sql<IssuerRow>`
    select issuer, jwks_url, audience, tenants, rules, created_at, changed_at
    from app.trusted_issuer where is_enabled order by issuer`
}

export function shownIssuer(row: IssuerRow): z.input<typeof issuerShape> {
  return {
    ...row,
    tenants: [...row.tenants],
    created_at: row.created_at.toISOString(),
    changed_at: row.changed_at.toISOString(),
  }
}
