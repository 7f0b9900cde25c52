// The commands on API keys and operator keys. `key …` is about the keys that sign tokens.
import { SCOPE_NAMES } from '../../../gate/scopes.ts'
import type { OperationCommand } from './operation-command.ts'

const name = ['--name <name>', 'what the key is for (required)'] as const
const days = ['--days <days>', 'days until it ends, or "never" (default 90, at most 365)'] as const
const id = ['<id>', 'the id of the key: what stands between its first two underscores'] as const

const life = (given: unknown): number | null | undefined =>
  given === undefined ? undefined : given === 'never' ? null : Number(given)

/** The operator asks as the user named, with all scopes: the user's role, where it has one, decides. */
const API_KEY_COMMANDS: readonly Omit<OperationCommand, 'scopes'>[] = [
  {
    path: 'api-key create',
    says: 'make an API key of a user, or of a service of a tenant; it is shown once',
    operation: 'create_api_key',
    options: [
      name,
      ['--scope <scope...>', 'what it allows (default: documents:read)'],
      days,
      ['--service <name>', 'the key speaks for this service instead of the user'],
    ],
    input: ({ name: called, scope, days: given, service }) => ({
      name: called,
      scopes: scope ?? ['documents:read'],
      expires_in_days: life(given),
      for_service: service,
    }),
    afterwards: 'this key is not stored and cannot be shown again',
    example:
      'gatehouse api-key create --tenant acme --user ada --name notebook --scope documents:read --days 30',
  },
  {
    path: 'api-key list',
    says: 'list the API keys of a tenant, with when each was last used',
    operation: 'list_api_keys',
    input: () => ({}),
    show: result => result['keys'],
    example: 'gatehouse api-key list --tenant acme',
  },
  {
    path: 'api-key revoke',
    says: 'refuse an API key from now on',
    operation: 'revoke_api_key',
    argument: id,
    input: (_, key) => ({ id: key }),
    example: 'gatehouse api-key revoke 7Hq2VbX0kLmP --tenant acme',
  },
]

const OPERATOR_KEY_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'operator-key create',
    says: 'make a key that administers the whole deployment through /api; it is shown once',
    operation: 'create_operator_key',
    options: [name, days],
    input: ({ name: called, days: given }) => ({ name: called, expires_in_days: life(given) }),
    afterwards: 'this key is not stored and cannot be shown again',
    example: 'gatehouse operator-key create --name "on call" --days 30',
  },
  {
    path: 'operator-key list',
    says: 'list the operator keys, with when each was last used',
    operation: 'list_operator_keys',
    input: () => ({}),
    show: result => result['keys'],
    example: 'gatehouse operator-key list',
  },
  {
    path: 'operator-key revoke',
    says: 'refuse an operator key from now on',
    operation: 'revoke_operator_key',
    argument: id,
    input: (_, key) => ({ id: key }),
    example: 'gatehouse operator-key revoke 7Hq2VbX0kLmP',
  },
]

export const KEY_COMMANDS: readonly OperationCommand[] = [
  ...API_KEY_COMMANDS.map(command => ({ ...command, scopes: SCOPE_NAMES })),
  ...OPERATOR_KEY_COMMANDS,
]
