// The commands on who may read a document. An operator acts as one who reads all: it can be on no list itself.
import { parseAccess, SETTING_ACCESS } from '../ingest/access-option.ts'
import type { OperationCommand } from './operation-command.ts'

const document = ['<document>', 'id of the document'] as const

export const ACCESS_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'access show',
    says: 'show who may read a document',
    operation: 'get_document_access',
    scopes: SETTING_ACCESS,
    argument: document,
    input: (_, id) => ({ document: id }),
    example: 'gatehouse access show 0198f2c0-… --tenant acme',
  },
  {
    path: 'access set',
    says: 'open a document to everyone in the tenant, or to these users and groups alone',
    operation: 'set_document_access',
    scopes: SETTING_ACCESS,
    argument: document,
    options: [['--access <who>', 'everyone, or user:ada,group:Partners (required)']],
    input: ({ access }, id) => ({
      document: id,
      access: typeof access === 'string' ? parseAccess(access) : undefined,
    }),
    example: 'gatehouse access set 0198f2c0-… --access user:ada,group:Partners --tenant acme',
  },
]
