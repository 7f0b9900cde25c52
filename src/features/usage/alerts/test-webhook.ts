// test_webhook: posts a message of no meaning, signed as alerts are. A call cannot read the secret: a process that can
// does it, and this waits for what comes of it.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { WriteCall } from '../../../gate/call.ts'
import { defineOperation } from '../../../gate/operation.ts'
import { sql } from '../../../platform/db/statements.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import { testWebhookQueue } from './alert-queues.ts'
import { findWebhook } from './webhook-rows.ts'

const LOOK_EVERY_MS = 200
/** A post and a little more. */
const WAIT_MS = 10_000

export const testWebhook = defineOperation({
  name: 'test_webhook',
  title: 'Test a webhook',
  description: 'Posts a signed test message to a webhook and tells what came of it.',
  realm: 'tenant',
  access: 'write',
  scope: 'budgets:write',
  tool: false,
  // It sends a request to somebody else: that is what a tier counts.
  weight: 10,
  input: z.strictObject({ id: z.uuid() }),
  output: z.strictObject({
    outcome: z
      .string()
      .describe('delivered; or why not, e.g. "status 500"; or waiting: list_webhooks tells later.'),
  }),
  async run({ id }, call) {
    const { tenantId } = call.principal
    call.about(`webhook:${id}`)
    const ordered = await call.write(async tx => {
      await findWebhook(tx, tenantId, id)
      await sendJob(tx, testWebhookQueue, { tenantId, webhookId: id })
      return (await tx.first(sql<{ at: Date }>`select now() as at`))?.at
    })
    return { outcome: ordered === undefined ? 'waiting' : await outcomeSince(call, id, ordered) }
  },
})

async function outcomeSince(call: WriteCall, id: string, ordered: Date): Promise<string> {
  for (const end = performance.now() + WAIT_MS; performance.now() < end; ) {
    const { posted_at, outcome } = await call.read(tx => findWebhook(tx, call.principal.tenantId, id))
    if (posted_at !== null && outcome !== null && Date.parse(posted_at) >= ordered.getTime()) return outcome
    await sleep(LOOK_EVERY_MS, undefined, { signal: call.signal })
  }
  return 'waiting'
}
