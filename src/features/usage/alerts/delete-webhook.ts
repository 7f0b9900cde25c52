// delete_webhook: nothing is posted there any more.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { findWebhook } from './webhook-rows.ts'

export const deleteWebhook = defineOperation({
  name: 'delete_webhook',
  title: 'Delete a webhook',
  description: 'Ends the posts to a webhook; alerts that wait for it alone wait no longer.',
  realm: 'tenant',
  access: 'write',
  scope: 'budgets:write',
  tool: false,
  uncounted: true,
  input: z.strictObject({ id: z.uuid() }),
  output: z.strictObject({ id: z.uuid() }),
  async run({ id }, call) {
    const { tenantId } = call.principal
    call.about(`webhook:${id}`)
    await call.write(async tx => {
      await findWebhook(tx, tenantId, id)
      await tx.run(sql`delete from app.alert_webhook where tenant_id = ${tenantId} and id = ${id}`)
    })
    return { id }
  },
})
