// The commands on users and groups of a tenant. An operator acts with all scopes, so that it reaches owners too.
import { SCOPE_NAMES } from '../../../gate/scopes.ts'
import type { OperationCommand } from './operation-command.ts'

const id = ['<id>', 'the user'] as const
const group = ['<group>', 'id or name of the group'] as const
const name = ['--name <name>', 'full name'] as const
const email = ['--email <address>', 'e-mail address'] as const
const role = ['--role <role>', 'owner, admin, member or reader'] as const
const page = [
  ['--after <last>', 'begin after the last one of the page before'],
  ['--limit <count>', '1 to 1000 (default 1000)'],
] as const

const paged = ({ after, limit }: Readonly<Record<string, unknown>>) => ({
  after,
  limit: limit === undefined ? 1_000 : Number(limit),
})
const shownUser = (result: Record<string, unknown>) => result['user']
const shownGroup = (result: Record<string, unknown>) => result['group']

const USER_COMMANDS: readonly Omit<OperationCommand, 'scopes'>[] = [
  {
    path: 'user list',
    says: 'list the users of a tenant',
    operation: 'list_users',
    options: [['--group <group>', 'only the members of this group'], ...page],
    input: options => ({ group: options['group'], ...paged(options) }),
    show: result => result['users'],
    example: 'gatehouse user list --tenant acme --json',
  },
  {
    path: 'user show',
    says: 'show a user with its groups',
    operation: 'get_user',
    argument: id,
    input: (_, user) => ({ id: user }),
    show: shownUser,
    example: 'gatehouse user show ada --tenant acme',
  },
  {
    path: 'user create',
    says: 'add a user to a tenant',
    operation: 'create_user',
    options: [['--id <id>', 'the subject of its tokens (required)'], name, email, role],
    input: options => ({
      id: options['id'],
      name: options['name'] ?? options['id'],
      email: options['email'],
      role: options['role'],
    }),
    show: shownUser,
    example: 'gatehouse user create --tenant acme --id ada --name "Ada Lovelace" --role admin',
  },
  {
    path: 'user set',
    says: 'change name, e-mail address or role of a user',
    operation: 'update_user',
    argument: id,
    options: [name, email, role],
    input: (options, user) => ({
      id: user,
      name: options['name'],
      email: options['email'],
      role: options['role'],
    }),
    show: shownUser,
    example: 'gatehouse user set ada --tenant acme --role member',
  },
  {
    path: 'user disable',
    says: 'refuse the next call of a user and end its running ones',
    operation: 'disable_user',
    argument: id,
    input: (_, user) => ({ id: user }),
    show: shownUser,
    example: 'gatehouse user disable ada --tenant acme',
  },
  {
    path: 'user enable',
    says: 'let a disabled user in again',
    operation: 'enable_user',
    argument: id,
    input: (_, user) => ({ id: user }),
    show: shownUser,
    example: 'gatehouse user enable ada --tenant acme',
  },
  {
    path: 'user delete',
    says: 'remove a user with its groups, keys and places on access lists',
    operation: 'remove_user',
    argument: id,
    input: (_, user) => ({ id: user }),
    destroys: 'the user',
    example: 'gatehouse user delete ada --tenant acme --yes',
  },
]

const GROUP_COMMANDS: readonly Omit<OperationCommand, 'scopes'>[] = [
  {
    path: 'group list',
    says: 'list the groups of a tenant',
    operation: 'list_groups',
    options: page,
    input: paged,
    show: result => result['groups'],
    example: 'gatehouse group list --tenant acme',
  },
  {
    path: 'group create',
    says: 'add a group to a tenant',
    operation: 'create_group',
    argument: ['<name>', 'its name'],
    input: (_, given) => ({ name: given }),
    show: shownGroup,
    example: 'gatehouse group create litigation --tenant acme',
  },
  {
    path: 'group set',
    says: 'rename a group',
    operation: 'rename_group',
    argument: group,
    options: [['--name <name>', 'its new name (required)']],
    input: (options, ref) => ({ group: ref, name: options['name'] }),
    show: shownGroup,
    example: 'gatehouse group set litigation --tenant acme --name disputes',
  },
  {
    path: 'group delete',
    says: 'remove a group; its members stay users',
    operation: 'remove_group',
    argument: group,
    input: (_, ref) => ({ group: ref }),
    destroys: 'the group',
    example: 'gatehouse group delete litigation --tenant acme --yes',
  },
  {
    path: 'group add',
    says: 'put a user into a group',
    operation: 'add_group_member',
    argument: group,
    options: [['--member <id>', 'the user (required)']],
    input: (options, ref) => ({ group: ref, user: options['member'] }),
    show: shownGroup,
    example: 'gatehouse group add litigation --tenant acme --member ada',
  },
  {
    path: 'group remove',
    says: 'take a user out of a group',
    operation: 'remove_group_member',
    argument: group,
    options: [['--member <id>', 'the user (required)']],
    input: (options, ref) => ({ group: ref, user: options['member'] }),
    show: shownGroup,
    example: 'gatehouse group remove litigation --tenant acme --member ada',
  },
]

export const PEOPLE_COMMANDS: readonly OperationCommand[] = [...USER_COMMANDS, ...GROUP_COMMANDS].map(
  command => ({ ...command, scopes: SCOPE_NAMES }),
)
