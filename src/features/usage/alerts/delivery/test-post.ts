// The test of a webhook that somebody asked for: one post, noted at the webhook, tried once.
import { randomUUID } from 'node:crypto'
import type { JobPayload } from '../../../../platform/jobs/queue.ts'
import { noteOutcome, receiversOf, type DeliveryDeps } from './deliver-alert.ts'
import { postSigned } from './post-signed.ts'

export async function testPost(
  { owner, poster }: DeliveryDeps,
  { tenantId, webhookId }: JobPayload<'webhookId'>,
  signal?: AbortSignal,
): Promise<void> {
  const receivers = await owner.maintain(tenantId, tx => receiversOf(tx, tenantId))
  const receiver = receivers.find(({ id }) => id === webhookId)
  if (receiver === undefined) return
  const body = JSON.stringify({
    type: 'webhook.test',
    timestamp: new Date().toISOString(),
    data: { tenant: { id: tenantId }, webhook_id: webhookId },
  })
  const outcome = await postSigned(poster, { ...receiver, messageId: randomUUID(), body }, signal)
  await owner.maintain(tenantId, tx => noteOutcome(tx, tenantId, webhookId, outcome))
}
