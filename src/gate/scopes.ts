// The closed list of what a token can allow. An operation names one of these; create_token refuses any other.

export const SCOPES = {
  'documents:read': 'Search and read the documents of the tenant.',
  'documents:write': 'Add documents to the tenant and delete them.',
  'documents:read_all': 'Read every document of the tenant, whatever its access list says.',
  'tasks:read': 'See your tasks, what they do and what they made.',
  'tasks:write': 'Start, answer and cancel tasks, which act as you.',
  'users:read': 'See the users and groups of the tenant.',
  'users:write': 'Invite, change, disable and remove users and groups of the tenant.',
  'keys:write': 'Create and revoke API keys.',
  'audit:read': 'Read and verify the audit of the tenant.',
  'tenant:write': 'Rename the tenant and export all it has.',
  'costs:read': 'See what the tenant has spent, on what, and its budgets.',
  'budgets:write': 'Limit what users, keys, models and tasks of the tenant may spend.',
  'budgets:grant': 'Change the own limit of a tenant, its prices and its ledger: for operators, in no role.',
  'statistics:read': 'See in an explained search how many passages of the tenant hold a word.',
  'timing:read': 'See in the Server-Timing header how long each stage of a call took.',
} as const

export type Scope = keyof typeof SCOPES

export const SCOPE_NAMES = Object.keys(SCOPES) as [Scope, ...Scope[]]
