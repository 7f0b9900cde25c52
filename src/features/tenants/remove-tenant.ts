// Orders the removal of a tenant: from this commit on no call of it is let in; the maintainer erases what it had.
import { z } from 'zod'
import { defineOperation } from '../../gate/operation.ts'
import { sql } from '../../platform/db/statements.ts'
import { fault } from '../../platform/faults.ts'
import { sendJob } from '../../platform/jobs/send-job.ts'
import { eraseQueue } from './tenant-jobs.ts'
import { findTenant, tenantRef, tenantShape } from './tenant-rows.ts'

export const removeTenant = defineOperation({
  name: 'remove_tenant',
  title: 'Remove a tenant',
  description:
    'Shuts a tenant out at once and erases everything it had. Cannot be undone. May be asked again while the tenant is "removing".',
  realm: 'deployment',
  access: 'write',
  input: z.strictObject({
    tenant: tenantRef,
    confirm: z.string().max(63).describe("The tenant's slug once more, so that no slip removes another."),
  }),
  output: z.object({ tenant: tenantShape }),
  run: ({ tenant: ref, confirm }, call) =>
    call.system('manage_tenants', async tx => {
      const tenant = await findTenant(tx, ref)
      call.about(`tenant:${tenant.id}`)
      if (confirm !== tenant.slug) {
        throw fault('invalid_input', {
          say: 'The confirmation does not match: nothing was removed.',
          reason: 'not_confirmed',
          issues: [{ field: 'confirm', message: "must be the tenant's slug" }],
        })
      }
      await tx.run(sql`update app.tenant set status = 'removing', changed_at = now() where id = ${tenant.id}`)
      await sendJob(tx, eraseQueue, { tenantId: tenant.id })
      return { tenant: { ...tenant, status: 'removing' as const } }
    }),
})
