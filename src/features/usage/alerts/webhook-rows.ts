// The webhooks of a tenant as its own calls can read them: without their secrets.
import type { z } from 'zod'
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import type { webhookShape } from './alert-shape.ts'

type Webhook = z.infer<typeof webhookShape>

interface WebhookRow extends Pick<Webhook, 'id' | 'url' | 'created_by' | 'outcome'> {
  readonly created_at: Date
  readonly posted_at: Date | null
}

/** A tenant has five at most: each alert is posted to all of them. */
export const MAX_WEBHOOKS = 5

export async function webhooksOf(tx: Reader, tenantId: string): Promise<Webhook[]> {
  const rows = await tx.all(sql<WebhookRow>`
    select id, url, created_by, created_at, posted_at, outcome from app.alert_webhook
    where tenant_id = ${tenantId} order by created_at, id`)
  return rows.map(({ created_at, posted_at, ...row }) => ({
    ...row,
    created_at: created_at.toISOString(),
    posted_at: posted_at?.toISOString() ?? null,
  }))
}

export async function findWebhook(tx: Reader, tenantId: string, id: string): Promise<Webhook> {
  const found = (await webhooksOf(tx, tenantId)).find(webhook => webhook.id === id)
  if (found === undefined)
    throw fault('not_found', { say: 'The tenant has no such webhook; list_webhooks shows what it has.' })
  return found
}
