// Money as calls spend it, without the calls: reserved and settled for whoever is named, of a model with one price.
import type { Database } from '../../src/platform/db/database.ts'
import { markSent, reserve, settle, type Hold, type Payer } from '../../src/gate/money/holds.ts'

export interface TestSpending {
  readonly database: Database
  readonly tenantId: string
  readonly subject?: string
}

export function payerOf({ tenantId, subject = 'ada' }: TestSpending): Payer {
  return { tenantId, subject, operation: 'ask' }
}

/** Throws when there is no room. */
export async function reserved(spending: TestSpending, stepKey: string, nano: bigint): Promise<Hold> {
  const reservation = await reserve(spending.database, {
    payer: payerOf(spending),
    stepKey,
    step: 'answer',
    model: 'openai:gpt-4',
    perMillion: { input: 1_000_000n },
    priceVersion: 'test',
    atLeast: nano,
    atMost: nano,
    lifetimeMs: 900_000,
  })
  if (reservation.outcome !== 'held') throw new Error(`not held: ${reservation.outcome}`)
  return reservation.hold
}

/** Reserves, sends and settles in full. */
export async function spent(spending: TestSpending, stepKey: string, nano: bigint): Promise<void> {
  const hold = await reserved(spending, stepKey, nano)
  await markSent(spending.database, payerOf(spending), hold)
  const settlement = { usage: { input: Number(nano) }, nano, basis: 'provider' } as const
  await settle(spending.database, payerOf(spending), hold, settlement)
}
