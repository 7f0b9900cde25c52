// trust_issuer: tokens that somebody else signs are accepted, for the tenants and by the rules named here. Its keys are
// fetched before it is trusted, so that a wrong address is told now and not to the first user.
import { z } from 'zod'
import { IssuerRules } from '../../../gate/issuers/issuer-rules.ts'
import { userPrefixOf } from '../../../gate/issuers/trusted-issuers.ts'
import { defineOperation } from '../../../gate/operation.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { tenantNamed } from '../tenant-named.ts'
import { issuerName, issuerShape, issuerRows, shownIssuer } from './issuer-shape.ts'

export interface TrustIssuerDeps {
  /** The `iss` of our own tokens. */
  readonly ownIssuer: string
  /** Resolves to the names of the keys at the address; throws a fault that says what is wrong with it. */
  readonly probe: (jwksUrl: string) => Promise<readonly string[]>
  readonly changed: () => Promise<void>
}

const Input = z.strictObject({
  issuer: issuerName,
  jwks_url: z.url().max(2_000).describe('Where its public keys are (jwks_uri of its metadata).'),
  audience: z
    .string()
    .min(1)
    .max(500)
    .describe('What `aud` must be in its tokens: one string, compared exactly.'),
  tenants: z
    .array(z.string().min(1).max(63))
    .min(1)
    .max(1_000)
    .describe('Ids or slugs of those it may speak for.'),
  rules: IssuerRules.prefault({}).describe('How its tokens are read. They must be signed with RS256.'),
})

export function trustIssuer({ ownIssuer, probe, changed }: TrustIssuerDeps) {
  return defineOperation({
    name: 'trust_issuer',
    title: 'Trust a foreign issuer',
    description:
      'Accepts access tokens that another issuer signs, for the tenants and by the rules given; replaces what was said of it before.',
    realm: 'deployment',
    access: 'write',
    input: Input,
    output: z.strictObject({ issuer: issuerShape, keys: z.array(z.string()).describe('Found at jwks_url.') }),
    async run(input, call) {
      call.about(`issuer:${input.issuer}`)
      if (input.issuer === ownIssuer)
        throw fault('invalid_input', { reason: 'own_issuer', say: 'This is the issuer of our own tokens.' })
      const keys = await probe(input.jwks_url)
      const ids = new Map<string, string>()
      for (const ref of new Set([...input.tenants, ...tenantsIn(input.rules)]))
        ids.set(ref, await tenantNamed(ref, call))
      const tenants = [...new Set(input.tenants.map(ref => ids.get(ref) ?? ref))]
      refuseOtherTenants(input.rules, { ids, tenants })
      const issuer = await call.system('manage_issuers', async tx => {
        await refuseSharedPrefix(tx, input)
        await tx.run(sql`
          insert into app.trusted_issuer as i (issuer, jwks_url, audience, rules, tenants)
          values (${input.issuer}, ${input.jwks_url}, ${input.audience}, ${resolved(input.rules, ids)}, ${tenants})
          on conflict (issuer) do update set jwks_url = excluded.jwks_url, audience = excluded.audience,
            rules = excluded.rules, tenants = excluded.tenants, is_enabled = true, changed_at = now()`)
        const row = (await tx.all(issuerRows())).find(({ issuer: name }) => name === input.issuer)
        if (row === undefined)
          throw fault('internal', { detail: 'the issuer that was just written is not there' })
        return shownIssuer(row)
      })
      await changed()
      return { issuer, keys: [...keys] }
    },
  })
}

function tenantsIn({ fixed_tenant: fixed, tenant_map: map = {} }: IssuerRules): string[] {
  return [...(fixed === undefined ? [] : [fixed]), ...Object.values(map)]
}

/** A rule that leads to a tenant the issuer may not speak for would be refused at every token. */
function refuseOtherTenants(
  rules: IssuerRules,
  { ids, tenants }: { ids: ReadonlyMap<string, string>; tenants: readonly string[] },
): void {
  const other = tenantsIn(rules).find(ref => !tenants.includes(ids.get(ref) ?? ''))
  if (other === undefined) return
  throw fault('invalid_input', {
    reason: 'tenant_not_listed',
    say: `The rules lead to the tenant "${other}", which is not among tenants; add it there.`,
  })
}

/** Tenants by id: a slug could mean another tenant later. */
function resolved(rules: IssuerRules, ids: ReadonlyMap<string, string>): IssuerRules {
  const idOf = (ref: string): string => ids.get(ref) ?? ref
  const { fixed_tenant: fixed, tenant_map: map } = rules
  return {
    ...rules,
    ...(fixed === undefined ? {} : { fixed_tenant: idOf(fixed) }),
    ...(map === undefined
      ? {}
      : { tenant_map: Object.fromEntries(Object.entries(map).map(([value, ref]) => [value, idOf(ref)])) }),
  }
}

/** Two issuers whose users were called the same could speak for each other's. */
async function refuseSharedPrefix(tx: Reader, { issuer, rules }: z.output<typeof Input>): Promise<void> {
  const prefix = userPrefixOf(issuer, rules)
  if (prefix === '') return
  const others = (await tx.all(issuerRows())).filter(row => row.issuer !== issuer)
  const same = others.find(row => userPrefixOf(row.issuer, row.rules) === prefix)
  if (same === undefined) return
  throw fault('conflict', {
    reason: 'prefix_taken',
    say: `The users of ${same.issuer} are called ${prefix}… too; give rules.user_prefix.`,
  })
}
