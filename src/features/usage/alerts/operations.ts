// What the catalog takes of alerts.
import type { Operation } from '../../../gate/operation.ts'
import type { PostPublic } from '../../../platform/outbound/public/post-public.ts'
import { createWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { listAlerts } from './list-alerts.ts'
import { listWebhooks } from './list-webhooks.ts'
import { testWebhook } from './test-webhook.ts'

export interface AlertsDeps {
  /** Tells which URLs a webhook may have. */
  readonly poster: Pick<PostPublic, 'check'>
}

export function operations({ poster }: AlertsDeps): Operation[] {
  return [listAlerts, listWebhooks, createWebhook({ poster }), deleteWebhook, testWebhook]
}
