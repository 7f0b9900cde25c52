// The commands that are views of an operation: what a person types, the operation behind it, what is shown.
import type { Command } from 'commander'
import { untilActive, untilGone } from './await-tenant.ts'
import type { OperationCommand } from './commands/operation-command.ts'
import { ACCESS_COMMANDS } from './commands/access.ts'
import { ACCOUNT_COMMANDS } from './commands/accounts.ts'
import { ASK_COMMANDS } from './commands/ask.ts'
import { ALERT_COMMANDS } from './commands/alerts.ts'
import { BUDGET_COMMANDS } from './commands/budgets.ts'
import { COST_COMMANDS } from './commands/cost.ts'
import { ISSUER_COMMANDS } from './commands/issuers.ts'
import { KEY_COMMANDS } from './commands/keys.ts'
import { PEOPLE_COMMANDS } from './commands/people.ts'
import { PRICE_COMMANDS } from './commands/money/prices.ts'
import { SYSTEM_COMMANDS } from './commands/deployment/system.ts'
import { TASK_COMMANDS } from './commands/tasks.ts'
import { TENANT_COMMANDS } from './commands/tenants.ts'
import { TIER_COMMANDS } from './commands/money/tiers.ts'

export const OPERATION_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'seed',
    says: 'add the sample tenants and documents; running it again changes nothing',
    operation: 'seed_samples',
    input: () => ({}),
    show: result => result['tenants'],
    example: 'gatehouse seed',
  },
  {
    path: 'tenant list',
    says: 'list the tenants',
    operation: 'list_tenants',
    input: () => ({}),
    show: result => result['tenants'],
    example: 'gatehouse tenant list --json',
  },
  {
    path: 'tenant show',
    says: 'show one tenant',
    operation: 'get_tenant',
    argument: ['<tenant>', 'id or slug'],
    input: (_, tenant) => ({ tenant }),
    show: result => result['tenant'],
    example: 'gatehouse tenant show penhallow-strake',
  },
  {
    path: 'tenant create',
    says: 'create a tenant and wait until it can be used',
    operation: 'create_tenant',
    argument: ['<slug>', 'short name: a–z, 0–9, hyphens'],
    options: [
      ['--name <name>', 'full name (default: the slug)'],
      ['--tier <tier>', 'one of `tier list` (default: standard)'],
    ],
    input: ({ name, tier }, slug) => ({ slug, name: name ?? slug, tier }),
    show: result => result['tenant'],
    settle: (tenant, operator) => untilActive(operator, tenant['slug']),
    example: 'gatehouse tenant create acme --name "Acme Ltd" --tier pro',
  },
  {
    path: 'tenant delete',
    says: 'remove a tenant and everything it has',
    operation: 'remove_tenant',
    argument: ['<tenant>', 'id or slug'],
    options: [['--confirm <slug>', 'the slug once more']],
    input: ({ confirm }, tenant) => ({ tenant, confirm }),
    show: result => result['tenant'],
    settle: (tenant, operator) => untilGone(operator, tenant),
    destroys: 'all documents of the tenant',
    example: 'gatehouse tenant delete acme --confirm acme',
  },
  {
    path: 'token create',
    says: 'sign an access token for a user of a tenant',
    operation: 'create_token',
    options: [
      ['--tenant <tenant>', 'id or slug (required)'],
      ['--user <user>', 'the user the token speaks for (required)'],
      ['--scope <scope...>', 'scopes (default: documents:read documents:write tasks:read tasks:write)'],
      ['--audience <audience>', 'which door it opens: mcp (default), a2a or api'],
      ['--ttl <seconds>', 'life in seconds (default 3600, at most 86400)'],
    ],
    input: ({ tenant, user, scope, audience, ttl }) => ({
      tenant,
      user,
      scopes: scope,
      audience,
      ttl_seconds: ttl === undefined ? undefined : Number(ttl),
    }),
    example: 'gatehouse token create --tenant penhallow-strake --user ada --ttl 600 --json',
  },
  {
    path: 'token revoke',
    says: 'refuse a token from now on',
    operation: 'revoke_token',
    argument: ['<token-id>', 'the token_id that `token create` printed (never the token itself)'],
    input: (_, tokenId) => ({ token_id: tokenId }),
    example: 'gatehouse token revoke 0198f2c0-…',
  },
  {
    path: 'key list',
    says: 'list the keys that sign tokens (keys of users: api-key, of operators: operator-key)',
    operation: 'list_signing_keys',
    input: () => ({}),
    show: result => result['keys'],
    example: 'gatehouse key list',
  },
  {
    path: 'key rotate',
    says: 'sign with a new key; tokens of the old one stay valid until they expire',
    operation: 'rotate_signing_key',
    input: () => ({}),
    example: 'gatehouse key rotate',
  },
  {
    path: 'key retire',
    says: 'refuse all tokens that a key signed, at once',
    operation: 'retire_signing_key',
    argument: ['<kid>', 'the key, as `key list` shows it'],
    input: (_, kid) => ({ kid }),
    example: 'gatehouse key retire 3q2-7wAB',
  },
  {
    path: 'key rotate-seal',
    says: 'sign tenant seals with a new key',
    operation: 'rotate_seal_key',
    input: () => ({}),
    example: 'gatehouse key rotate-seal',
  },
  {
    path: 'embeddings status',
    says: 'show the embedding models and how many passages still wait for their vectors',
    operation: 'get_embedding_status',
    input: () => ({}),
    show: result => result['models'],
    example: 'gatehouse embeddings status',
  },
  {
    path: 'embeddings migrate',
    says: 'make the vectors of another model; searches use the old one until all are there',
    operation: 'migrate_embeddings',
    options: [['--to <model>', 'the new model (required)']],
    input: ({ to }) => ({ to }),
    afterwards: 'the new vectors are made in the background; watch them with: gatehouse embeddings status',
    example: 'gatehouse embeddings migrate --to ollama:nomic-embed-text',
  },
  {
    path: 'embeddings retry',
    says: 'try again what could not be embedded',
    operation: 'retry_embeddings',
    input: () => ({}),
    example: 'gatehouse embeddings retry',
  },
  ...ASK_COMMANDS,
  ...TENANT_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...ACCESS_COMMANDS,
  ...ACCOUNT_COMMANDS,
  ...ALERT_COMMANDS,
  ...BUDGET_COMMANDS,
  ...COST_COMMANDS,
  ...KEY_COMMANDS,
  ...ISSUER_COMMANDS,
  ...PRICE_COMMANDS,
  ...SYSTEM_COMMANDS,
  ...TASK_COMMANDS,
  ...TIER_COMMANDS,
]

/** The command object of a path, made with its parents: 'token create' hangs under 'token'. */
export function commandAt(program: Command, path: string): Command {
  return path
    .split(' ')
    .reduce(
      (parent, name) => parent.commands.find(command => command.name() === name) ?? parent.command(name),
      program,
    )
}

/** What was typed to get to a command: 'token create'. */
export function pathOf(command: Command): string {
  const { parent } = command
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`
}

/** A word with commands under it is described by them. */
export function describeTopics(program: Command): void {
  for (const topic of program.commands) {
    if (topic.description() === '' && topic.commands.length > 0)
      topic.description(topic.commands.map(command => command.name()).join(', '))
  }
}
