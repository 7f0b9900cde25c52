// A tenant that spends: a price book in memory, budgets as an operator sets them, and callers of an operation that is paid.
// A unit of every component costs one nano-USD, so that amounts can be read.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { callOpener } from '../../src/gate/open-call.ts'
import { defineOperation } from '../../src/gate/operation.ts'
import { spendAs, type Spend, type Spending } from '../../src/gate/money/spend.ts'
import { COMPONENTS, type PerMillion } from '../../src/gate/money/usage.ts'
import type { Database } from '../../src/platform/db/database.ts'
import { fault } from '../../src/platform/faults.ts'
import { createLogger, type Logger } from '../../src/platform/telemetry/logger.ts'
import type { AsAdmin } from './money-books.ts'

export const MODEL = 'test:priced'
export const FREE_MODEL = 'test:free'

/** Every call costs so much more than its units while it is held: each component is rounded up by itself. */
export const ROUNDING = 6n

const each = (nano: bigint): PerMillion =>
  Object.fromEntries(COMPONENTS.map(component => [component, nano] as const))

const PRICES: Readonly<Record<string, PerMillion>> = {
  [MODEL]: each(1_000_000n),
  'test:other': each(1_000_000n),
  'test:dear': each(9_000_000_000_000_000n),
  'test:no-output': { input: 1_000_000n },
  [FREE_MODEL]: each(0n),
}

export interface Who {
  readonly subject?: string
  readonly keyId?: string
  /** As the caller says it; a new one otherwise. */
  readonly requestId?: string
}

export interface BudgetWords {
  readonly scope?: 'tenant' | 'user' | 'key' | 'model' | 'task'
  readonly member?: string
  readonly period?: 'day' | 'week' | 'month' | 'lifetime'
  /** Null: no limit. */
  readonly limit: bigint | null
  readonly action?: 'alert' | 'degrade' | 'block'
  readonly degradeTo?: string
}

export interface Purchase {
  readonly input?: number
  readonly output?: { readonly least: number; readonly most: number }
  readonly model?: string
  readonly step?: string
  readonly label?: string
}

const buy = defineOperation({
  realm: 'tenant',
  access: 'read',
  name: 'buy',
  title: 'Buy',
  description: 'Pays a provider.',
  scope: 'documents:read',
  input: z.strictObject({}),
  output: z.strictObject({}),
  run: () => Promise.resolve({}),
})

/** One call's `spend`, opened as a server opens it; each call of the function is another call of the operation. */
export function payer(
  database: Database,
  tenantId: string,
  { log = createLogger('silent'), lifetimeMs }: { readonly log?: Logger; readonly lifetimeMs?: number } = {},
) {
  const pay = spendAs({
    database,
    log,
    priceOf: (_tenant, model) => {
      const perMillion = PRICES[model]
      if (perMillion === undefined) throw fault('unsupported', { reason: 'price_unknown' })
      return Promise.resolve({ model, perMillion, version: 'test:1' })
    },
    ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
  })
  const open = callOpener({ database, spendAs: pay })
  return ({ subject = 'ada', keyId, requestId = randomUUID() }: Who = {}): Spend => {
    const principal = {
      realm: 'tenant' as const,
      tenantId,
      subject,
      scopes: new Set(['documents:read']),
      tokenId: keyId === undefined ? randomUUID() : `key:${keyId}`,
      expiresAt: 4_102_444_800,
    }
    const context = { requestId, signal: new AbortController().signal }
    const opened = open(buy, principal, context)
    if (opened.realm !== 'tenant') throw new Error('a tenant pays')
    return opened.call.spend
  }
}

/** 100 units of input unless said otherwise, and no output. */
export function purchase({
  input = 100,
  output,
  model = MODEL,
  step = 'step',
  label,
}: Purchase = {}): Spending {
  return {
    step,
    model,
    most: { input },
    ...(output === undefined ? {} : { output }),
    ...(label === undefined ? {} : { label }),
  }
}

/** Sets a budget as an operator does; another of the same scope, member and period is replaced. Returns its id. */
export async function setBudget(asAdmin: AsAdmin, tenantId: string, words: BudgetWords): Promise<string> {
  const { scope = 'tenant', period = 'month', limit, action = 'block', degradeTo } = words
  const member = words.member ?? (scope === 'tenant' ? '' : '*')
  const [row] = await asAdmin(
    `insert into app.budget (tenant_id, id, scope, member, period, limit_nano, action, degrade_to, changed_by)
     values ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $7, 'operator:test')
     on conflict (tenant_id, scope, member, period) do update
       set limit_nano = excluded.limit_nano, follows_tier = false, action = excluded.action,
         degrade_to = excluded.degrade_to
     returning id`,
    [tenantId, scope, member, period, limit, action, degradeTo ?? null],
  )
  return String(row?.['id'])
}
