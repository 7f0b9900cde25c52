// One attempt to tell a tenant's webhooks of its next alert. What is taken from the database is given back before
// anything is posted: no transaction waits for a receiver.
import type { OwnerDatabase, Writer } from '../../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../../platform/db/statements.ts'
import type { PostPublic } from '../../../../platform/outbound/public/post-public.ts'
import { asAlert, type AlertRow } from '../alert-shape.ts'
import { postSigned } from './post-signed.ts'

/** Over some 23 hours: see claim-alert.sql. */
export const MAX_ATTEMPTS = 8

export interface DeliveryDeps {
  readonly owner: OwnerDatabase
  readonly poster: Pick<PostPublic, 'post'>
}

interface ClaimedRow extends AlertRow {
  readonly attempts: number
  readonly told: readonly string[]
  readonly slug: string
}

export interface Receiver {
  readonly id: string
  readonly url: string
  readonly secret: Uint8Array
}

/** `none`: no alert is due. `failed`: a webhook did not take it; it is tried again later, or was for the last time. */
export type Attempted = 'none' | 'told' | 'failed'

const claimAlert = sqlFile<{ tenant_id: string }, ClaimedRow>(import.meta.url, 'claim-alert.sql')

export async function deliverAlert(
  { owner, poster }: DeliveryDeps,
  tenantId: string,
  signal?: AbortSignal,
): Promise<Attempted> {
  const claimed = await owner.maintain(tenantId, async tx => {
    const alert = await tx.first(claimAlert({ tenant_id: tenantId }))
    return alert === undefined ? undefined : { alert, receivers: await receiversOf(tx, tenantId) }
  })
  if (claimed === undefined) return 'none'
  const { alert, receivers } = claimed
  const body = alertBody(tenantId, alert)
  const outcomes = await Promise.all(
    receivers
      .filter(({ id }) => !alert.told.includes(id))
      .map(async ({ id, url, secret }) => ({
        id,
        outcome: await postSigned(poster, { url, secret, messageId: alert.id, body }, signal),
      })),
  )
  await owner.maintain(tenantId, tx => record(tx, tenantId, alert, outcomes))
  return outcomes.every(({ outcome }) => outcome === 'delivered') ? 'told' : 'failed'
}

export function receiversOf(tx: Writer, tenantId: string): Promise<Receiver[]> {
  return tx.all(
    sql<Receiver>`select id, url, secret from app.alert_webhook where tenant_id = ${tenantId} order by id`,
  )
}

/** Of a webhook that is gone by now nothing is noted. */
export async function noteOutcome(tx: Writer, tenantId: string, id: string, outcome: string): Promise<void> {
  await tx.run(sql`
    update app.alert_webhook set posted_at = clock_timestamp(), outcome = ${outcome}
    where tenant_id = ${tenantId} and id = ${id}`)
}

function alertBody(tenantId: string, row: ClaimedRow): string {
  const { at, ...alert } = asAlert(row)
  return JSON.stringify({
    type: 'budget.threshold_reached',
    timestamp: at,
    data: { ...alert, tenant: { id: tenantId, slug: row.slug } },
  })
}

async function record(
  tx: Writer,
  tenantId: string,
  { id, attempts }: ClaimedRow,
  outcomes: readonly { readonly id: string; readonly outcome: string }[],
): Promise<void> {
  const told = outcomes.flatMap(one => (one.outcome === 'delivered' ? [one.id] : []))
  const failure = outcomes.find(({ outcome }) => outcome !== 'delivered')?.outcome ?? null
  const isOver = failure === null || attempts >= MAX_ATTEMPTS
  for (const one of outcomes) await noteOutcome(tx, tenantId, one.id, one.outcome)
  await tx.run(sql`
    update app.budget_alert set told = told || ${told}::uuid[], failure = ${failure},
      delivered_at = case when ${isOver} then clock_timestamp() end
    where tenant_id = ${tenantId} and id = ${id} and delivered_at is null`)
}
