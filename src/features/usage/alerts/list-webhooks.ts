// list_webhooks: where the tenant's alerts are posted to, and what came of the last post.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { webhookShape } from './alert-shape.ts'
import { webhooksOf } from './webhook-rows.ts'

export const listWebhooks = defineOperation({
  name: 'list_webhooks',
  title: 'List webhooks',
  description: 'Where the budget alerts of the tenant are posted to, and what came of the last post.',
  realm: 'tenant',
  access: 'read',
  scope: 'costs:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({}),
  output: z.strictObject({ webhooks: z.array(webhookShape) }),
  async run(_, call) {
    return { webhooks: await call.read(tx => webhooksOf(tx, call.principal.tenantId)) }
  },
})
