// The commands that change a tenant that is there: whether it is let in, its name and its tier.
import type { OperationCommand } from './operation-command.ts'

const tenant = ['<tenant>', 'id or slug'] as const

export const TENANT_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'tenant suspend',
    says: 'refuse the next call of everybody in a tenant; nothing of it is lost',
    operation: 'suspend_tenant',
    argument: tenant,
    options: [['--reason <text>', 'why, for the audit (required)']],
    input: ({ reason }, ref) => ({ tenant: ref, reason }),
    show: result => result['tenant'],
    example: 'gatehouse tenant suspend acme --reason "invoice 2041 is overdue"',
  },
  {
    path: 'tenant resume',
    says: 'let a suspended tenant in again',
    operation: 'resume_tenant',
    argument: tenant,
    input: (_, ref) => ({ tenant: ref }),
    show: result => result['tenant'],
    example: 'gatehouse tenant resume acme',
  },
  {
    path: 'tenant update',
    says: 'change the name or the tier of a tenant',
    operation: 'update_tenant',
    argument: tenant,
    options: [
      ['--name <name>', 'full name'],
      ['--tier <tier>', 'one of `tier list`'],
    ],
    input: ({ name, tier }, ref) => ({ tenant: ref, name, tier }),
    show: result => result['tenant'],
    example: 'gatehouse tenant update acme --tier pro',
  },
]
