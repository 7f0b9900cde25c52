// export_tenant: begins an export. The rest of it are ordinary reads; this puts on record who took everything, and says
// how many rows of what there are, so that whoever exports can see that nothing was left out.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import { tenantShape, type Tenant } from './tenant-rows.ts'
import { tenantTables } from './storage/tenant-tables.ts'

type Row = Omit<Tenant, 'created_at'> & { readonly created_at: Date }

/** What users asked agents is theirs alone: whoever exports the tenant does not see it. */
const OF_USERS = new Set([
  'task',
  'task_context',
  'task_message',
  'task_artifact',
  'task_artifact_part',
  'task_request',
])

export const exportTenant = defineOperation({
  name: 'export_tenant',
  title: 'Begin an export of the tenant',
  description:
    'Answers what the tenant is and how many rows of what it has, and puts on record that it is exported.',
  realm: 'tenant',
  access: 'read',
  tool: false,
  scope: 'tenant:write',
  input: z.strictObject({}),
  output: z.strictObject({
    tenant: tenantShape,
    rows: z
      .record(z.string(), z.int())
      .describe('By table; what search derives from the texts, and the tasks of users, are left out.'),
  }),
  async run(_, call) {
    const { tenantId, scopes } = call.principal
    call.about(`tenant:${tenantId}`)
    if (!scopes.has('documents:read_all')) {
      throw fault('forbidden', {
        reason: 'insufficient_scope',
        say: 'An export has every document: it needs the scope documents:read_all.',
      })
    }
    return call.read(async tx => {
      const row = await tx.first(
        sql<Row>`select id, slug, name, tier, status, created_at from app.tenant where id = ${tenantId}`,
      )
      if (row === undefined) throw fault('not_found', { detail: 'a tenant that does not see itself' })
      const rows: Record<string, number> = {}
      for (const { name, isPartitioned } of await tenantTables(tx)) {
        if (isPartitioned || OF_USERS.has(name)) continue
        const counted = await tx.first(
          sql<{
            rows: number
          }>`select count(*)::int as rows from ${sql.table(`app.${name}`)} where tenant_id = ${tenantId}`,
        )
        rows[name] = counted?.rows ?? 0
      }
      return { tenant: { ...row, created_at: row.created_at.toISOString() }, rows }
    })
  },
})
