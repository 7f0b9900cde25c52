// create_webhook: where alerts are posted to. Its secret is shown once: the receiver proves by it who has posted.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import type { PostPublic } from '../../../platform/outbound/public/post-public.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { webhookShape } from './alert-shape.ts'
import { findWebhook, MAX_WEBHOOKS, webhooksOf } from './webhook-rows.ts'

export function createWebhook({ poster }: { readonly poster: Pick<PostPublic, 'check'> }) {
  return defineOperation({
    name: 'create_webhook',
    title: 'Create a webhook',
    description:
      'Has every budget alert of the tenant posted to a URL, signed. The secret of the signature is shown this once.',
    realm: 'tenant',
    access: 'write',
    scope: 'budgets:write',
    tool: false,
    uncounted: true,
    input: z.strictObject({
      url: z.string().min(1).max(2_000).describe('An https URL of a public host.'),
    }),
    output: z.strictObject({
      webhook: webhookShape,
      secret: z
        .string()
        .describe('Shown this once: "whsec_" and the key in base64, as Standard Webhooks has it.'),
    }),
    async run({ url }, call) {
      const { tenantId, subject } = call.principal
      await poster.check(url)
      const id = uuidv7()
      call.about(`webhook:${id}`)
      const secret = randomBytes(32)
      const webhook = await call.write(async tx => {
        const others = await webhooksOf(tx, tenantId)
        refuse(others, url)
        await tx.run(sql`
          insert into app.alert_webhook (tenant_id, id, url, secret, created_by)
          values (${tenantId}, ${id}, ${url}, ${secret}, ${subject})`)
        return findWebhook(tx, tenantId, id)
      })
      return { webhook, secret: `whsec_${secret.toString('base64')}` }
    },
  })
}

function refuse(others: readonly { readonly url: string }[], url: string): void {
  if (others.some(other => other.url === url))
    throw fault('conflict', {
      reason: 'webhook_exists',
      say: 'The tenant has a webhook of this URL; delete it first for a new secret.',
    })
  if (others.length >= MAX_WEBHOOKS)
    throw fault('conflict', {
      reason: 'too_many_webhooks',
      say: `A tenant has ${MAX_WEBHOOKS} webhooks at most; delete one first.`,
    })
}
