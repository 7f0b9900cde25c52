// The commands on accounts, by which people sign in, and on the invitations of a tenant.
import { SCOPE_NAMES } from '../../../gate/scopes.ts'
import type { OperationCommand } from './operation-command.ts'

const email = ['<email>', 'the address the account signs in with'] as const
const shownAccount = (result: Record<string, unknown>) => result['account']

const DEPLOYMENT_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'tenant appoint-owner',
    says: 'give a tenant without an owner its first one; prints the link to become it with',
    operation: 'appoint_owner',
    argument: ['<tenant>', 'id or slug'],
    options: [
      ['--email <email>', 'of the owner to be (required)'],
      ['--name <name>', 'full name'],
    ],
    input: ({ email: address, name }, tenant) => ({ tenant, email: address, name }),
    show: ({ user, link, expires_at }) => ({ user, link, expires_at }),
    afterwards: 'hand the link to that person alone: it works once, and is not shown again',
    example: 'gatehouse tenant appoint-owner acme --email ada@example.com',
  },
  {
    path: 'account list',
    says: 'list the accounts people sign in with',
    operation: 'list_accounts',
    options: [
      ['--after <email>', 'begin after the last one of the page before'],
      ['--limit <count>', '1 to 1000 (default 1000)'],
    ],
    input: ({ after, limit }) => ({ after, limit: limit === undefined ? 1_000 : Number(limit) }),
    show: result => result['accounts'],
    example: 'gatehouse account list --json',
  },
  {
    path: 'account invite-operator',
    says: 'let somebody administer the deployment; prints the link to choose a password with',
    operation: 'invite_operator',
    argument: email,
    options: [['--name <name>', 'full name']],
    input: ({ name }, address) => ({ email: address, name }),
    show: ({ link, expires_at }) => ({ link, expires_at }),
    afterwards: 'hand the link to that person alone: it works once, and is not shown again',
    example: 'gatehouse account invite-operator ada@example.com --name "Ada Byron"',
  },
  {
    path: 'account reset',
    says: 'print a link with which the owner of an account chooses a new password',
    operation: 'reset_account',
    argument: email,
    input: (_, address) => ({ email: address }),
    afterwards: 'hand the link to that person alone: it works once, and is not shown again',
    example: 'gatehouse account reset ada@example.com',
  },
  {
    path: 'account disable',
    says: 'end the sessions of an account and let it sign in no more',
    operation: 'disable_account',
    argument: email,
    input: (_, address) => ({ email: address }),
    show: shownAccount,
    example: 'gatehouse account disable ada@example.com',
  },
  {
    path: 'account enable',
    says: 'let a disabled account sign in again',
    operation: 'enable_account',
    argument: email,
    input: (_, address) => ({ email: address }),
    show: shownAccount,
    example: 'gatehouse account enable ada@example.com',
  },
]

const TENANT_COMMANDS: readonly Omit<OperationCommand, 'scopes'>[] = [
  {
    path: 'user invite',
    says: 'print a link with which somebody becomes a user of a tenant and can sign in',
    operation: 'invite_user',
    argument: ['<email>', 'whom to invite'],
    options: [
      ['--role <role>', 'owner, admin, member or reader (required)'],
      ['--name <name>', 'full name'],
      ['--id <id>', 'the subject of its calls (default: the e-mail address)'],
    ],
    input: ({ role, name, id }, address) => ({ email: address, role, name, id }),
    show: ({ link, expires_at }) => ({ link, expires_at }),
    afterwards: 'hand the link to that person alone: it works once, and is not shown again',
    example: 'gatehouse user invite ada@example.com --role member --tenant acme',
  },
  {
    path: 'user invitations',
    says: 'list the invitations of a tenant',
    operation: 'list_invitations',
    options: [['--before <id>', 'only invitations older than this one']],
    input: ({ before }) => ({ before, limit: 1_000 }),
    show: result => result['invitations'],
    example: 'gatehouse user invitations --tenant acme --json',
  },
  {
    path: 'user uninvite',
    says: 'take back an invitation that was not accepted yet',
    operation: 'revoke_invitation',
    argument: ['<id>', 'the invitation, as `user invitations` shows it'],
    input: (_, id) => ({ id }),
    example: 'gatehouse user uninvite 0198f2c0-… --tenant acme',
  },
  {
    path: 'user reset-password',
    says: 'print a link with which a user of a tenant chooses a new password',
    operation: 'reset_user_password',
    argument: ['<id>', 'the user'],
    input: (_, id) => ({ id }),
    afterwards: 'hand the link to that person alone: it works once, and is not shown again',
    example: 'gatehouse user reset-password ada --tenant acme',
  },
]

export const ACCOUNT_COMMANDS: readonly OperationCommand[] = [
  ...DEPLOYMENT_COMMANDS,
  ...TENANT_COMMANDS.map(command => ({ ...command, scopes: SCOPE_NAMES })),
]
