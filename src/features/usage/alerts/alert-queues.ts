// The queue of alerts: what a tenant asks of a process that may read a webhook's secret.
import { queue } from '../../../platform/jobs/queue.ts'

export const testWebhookQueue = queue('test_webhook', ['webhookId'])
