// list_alerts: which budgets have reached which of their thresholds, told or not.
import { z } from 'zod'
import { defineOperation } from '../../../gate/operation.ts'
import { sqlFile } from '../../../platform/db/statements.ts'
import { alertShape, asAlert, DELIVERIES, type AlertRow } from './alert-shape.ts'

type ListedRow = AlertRow & {
  readonly attempts: number
  readonly failure: string | null
  readonly delivery: (typeof DELIVERIES)[number]
}

const alertsBefore = sqlFile<{ tenant_id: string; before: string | null; at_most: number }, ListedRow>(
  import.meta.url,
  'list-alerts.sql',
)

const listedShape = alertShape.extend({
  delivery: z.enum(DELIVERIES).describe('Whether the webhooks of the tenant have been told.'),
  attempts: z.int(),
  failure: z.string().nullable().describe('Why a webhook has not taken it, as of the last attempt.'),
})

export type ListedAlert = z.infer<typeof listedShape>

export const listAlerts = defineOperation({
  name: 'list_alerts',
  title: 'List budget alerts',
  description:
    'Which budgets of the tenant have reached which of their thresholds, newest first. Each is there once in a window, told to a webhook or not.',
  realm: 'tenant',
  access: 'read',
  scope: 'costs:read',
  tool: false,
  uncounted: true,
  input: z.strictObject({
    before: z.uuid().optional().describe('Only alerts before this one: `next` of the page before.'),
    limit: z.int().min(1).max(1_000).default(100),
  }),
  output: z.strictObject({
    alerts: z.array(listedShape),
    next: z.string().nullable().describe('What to give as `before` for the next page; null on the last.'),
  }),
  async run({ before = null, limit }, call) {
    const { tenantId } = call.principal
    const rows = await call.read(tx =>
      tx.all(alertsBefore({ tenant_id: tenantId, before, at_most: limit + 1 })),
    )
    const alerts = rows.slice(0, limit).map(row => ({
      ...asAlert(row),
      delivery: row.delivery,
      attempts: row.attempts,
      failure: row.failure,
    }))
    return { alerts, next: rows.length > limit ? (alerts.at(-1)?.id ?? null) : null }
  },
})
