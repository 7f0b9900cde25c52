// An alert and a webhook as callers see them. Money is nano-USD, as text of digits.
import { z } from 'zod'
import { BUDGET_SCOPES, PERIODS } from '../../../gate/money/holds.ts'

const nano = z.string().describe('Nano-USD.')
const moment = z.iso.datetime()

export const alertShape = z.strictObject({
  id: z.uuid().describe('The webhook-id of its posts.'),
  at: moment,
  budget: z.strictObject({
    id: z.uuid(),
    scope: z.enum(BUDGET_SCOPES),
    member: z.string().nullable().describe('Whose; null of the tenant itself.'),
    period: z.enum(PERIODS),
  }),
  window: z.strictObject({ starts_at: moment, ends_at: moment.nullable() }),
  threshold_percent: z.int(),
  limit_nano: nano,
  spent_nano: nano,
  held_nano: nano,
})

export type Alert = z.infer<typeof alertShape>

export const DELIVERIES = ['waiting', 'delivered', 'given_up', 'no_webhook'] as const

export const webhookShape = z.strictObject({
  id: z.uuid(),
  url: z.string(),
  created_by: z.string(),
  created_at: moment,
  posted_at: moment.nullable().describe('The last post.'),
  outcome: z.string().nullable().describe('What came of it: delivered, or why not.'),
})

export interface AlertRow {
  readonly id: string
  readonly at: Date
  readonly budget_id: string
  readonly scope: Alert['budget']['scope']
  readonly member: string
  readonly period: Alert['budget']['period']
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly threshold: number
  readonly limit_nano: bigint
  readonly spent_nano: bigint
  readonly held_nano: bigint
}

export function asAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    at: row.at.toISOString(),
    budget: {
      id: row.budget_id,
      scope: row.scope,
      member: row.member === '' ? null : row.member,
      period: row.period,
    },
    window: { starts_at: row.starts_at.toISOString(), ends_at: row.ends_at?.toISOString() ?? null },
    threshold_percent: row.threshold,
    limit_nano: String(row.limit_nano),
    spent_nano: String(row.spent_nano),
    held_nano: String(row.held_nano),
  }
}
