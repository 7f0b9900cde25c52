// What exact budgets cost in time: pairs of reserve and settle a second, for one tenant whose rows everybody wants and for
// fifty, and what one paid call takes longer for it. Three pools, as three processes have.
import { randomUUID } from 'node:crypto'
import { markSent, reserve, settle } from '../../src/gate/money/holds.ts'
import type { Database } from '../../src/platform/db/database.ts'
import type { MoneyField } from '../../tests/harness/money-field.ts'
import { quantile } from '../figures.ts'

export interface Pairs {
  readonly tenants: number
  readonly callers: number
  readonly perSecond: number
  /** Milliseconds that reserving, marking as sent and settling take together. */
  readonly p50: number
  readonly p99: number
}

/** As many tenants without a limit, and so many callers that each do one pair after the other. */
export async function measurePairs(
  field: MoneyField,
  {
    tenants,
    callers,
    seconds,
  }: { readonly tenants: number; readonly callers: number; readonly seconds: number },
): Promise<Pairs> {
  const ids = await Promise.all(Array.from({ length: tenants }, () => newTenant(field)))
  const times: number[] = []
  const end = performance.now() + seconds * 1_000
  const began = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const database = field.databases[caller % field.databases.length]
      for (let n = caller; database !== undefined && performance.now() < end; n += callers) {
        const start = performance.now()
        await pair(database, ids[n % tenants] ?? '', `u${caller}`)
        times.push(performance.now() - start)
      }
    }),
  )
  const perSecond = times.length / ((performance.now() - began) / 1_000)
  return { tenants, callers, perSecond, p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

async function pair(database: Database, tenantId: string, subject: string): Promise<void> {
  const payer = { tenantId, subject, operation: 'bench' }
  const reserved = await reserve(database, {
    payer,
    stepKey: randomUUID(),
    step: 'bench',
    model: 'openai:race',
    perMillion: { output: 1_000_000_000n },
    priceVersion: 'bench',
    atLeast: 1_000n,
    atMost: 10_000n,
    lifetimeMs: 60_000,
  })
  if (reserved.outcome !== 'held') throw new Error(`a pair was ${reserved.outcome}`)
  await markSent(database, payer, reserved.hold)
  await settle(database, payer, reserved.hold, { usage: { output: 5 }, nano: 5_000n, basis: 'provider' })
}

async function newTenant({ asAdmin }: MoneyField): Promise<string> {
  const id = randomUUID()
  await asAdmin(
    `with made as (insert into app.tenant (id, slug, name, status) values ($1, $2, $2, 'active'))
     insert into app.budget (tenant_id, id, scope, member, period, limit_nano, changed_by)
     select $1, gen_random_uuid(), scope, member, 'month', limit_nano, 'bench'
     from (values ('tenant', '', 9000000000000000000), ('user', '*', 9000000000000000000)) b (scope, member, limit_nano)`,
    [id, `b-${id}`],
  )
  return id
}
