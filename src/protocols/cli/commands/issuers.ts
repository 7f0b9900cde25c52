// The commands on foreign issuers, whose tokens are accepted beside our own.
import { fault } from '../../../platform/faults.ts'
import type { OperationCommand } from './operation-command.ts'

const issuer = ['<issuer>', 'its address, exactly as in the `iss` of its tokens'] as const

export const ISSUER_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'issuer trust',
    says: 'accept the tokens of a foreign issuer for some tenants; its keys are fetched now',
    operation: 'trust_issuer',
    argument: issuer,
    options: [
      ['--jwks-url <url>', 'where its public keys are (required)'],
      ['--audience <audience>', 'what `aud` is in its tokens (required)'],
      ['--tenant <tenant...>', 'ids or slugs of the tenants it may speak for (required)'],
      ['--rules <json>', 'how its tokens are read, e.g. {"tenant_claim":"org","default_role":"member"}'],
    ],
    input: ({ jwksUrl, audience, tenant, rules }, named) => ({
      issuer: named,
      jwks_url: jwksUrl,
      audience,
      tenants: tenant,
      rules: typeof rules === 'string' ? parsed(rules) : undefined,
    }),
    show: result => ({ ...(result['issuer'] as object), keys: result['keys'] }),
    example:
      'gatehouse issuer trust https://login.acme.com --jwks-url https://login.acme.com/jwks --audience https://docs.acme.com/mcp --tenant acme',
  },
  {
    path: 'issuer list',
    says: 'list the foreign issuers that are trusted',
    operation: 'list_issuers',
    input: () => ({}),
    show: result => result['issuers'],
    example: 'gatehouse issuer list --json',
  },
  {
    path: 'issuer distrust',
    says: 'refuse the tokens of a foreign issuer from now on',
    operation: 'distrust_issuer',
    argument: issuer,
    input: (_, named) => ({ issuer: named }),
    example: 'gatehouse issuer distrust https://login.acme.com',
  },
]

function parsed(rules: string): unknown {
  try {
    return JSON.parse(rules) as unknown
  } catch {
    throw fault('invalid_input', { say: '--rules is not JSON.' })
  }
}
