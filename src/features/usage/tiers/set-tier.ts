// set_tier: a new tier, or a change to one; what is left out stays. It holds from the next call of its tenants on.
import { z } from 'zod'
import { orderBudgetRaised } from '../../../gate/money/budget-raised.ts'
import { nanoField } from '../../../gate/money/nano-field.ts'
import { defineOperation } from '../../../gate/operation.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { findTier, tierId, tierShape, unknownTier } from './tier-rows.ts'

export interface SetTierDeps {
  /** This process knows before the caller is answered; the others within two seconds. */
  readonly refreshTrust: () => Promise<void>
}

const input = z.strictObject({
  tier: tierId,
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}]*$/u, 'must have no control characters')
    .optional()
    .describe('What people call it.'),
  limit_nano: nanoField()
    .nullable()
    .optional()
    .describe('Nano-USD a calendar month (UTC); "0" is nothing, null is no limit.'),
  requests_per_minute: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .optional()
    .describe('Of a tenant; null: the rate of the deployment.'),
  models: z
    .array(
      z
        .string()
        .max(200)
        .regex(
          /^(?:\*|[a-z]+:\*|[\x21-\x29\x2b-\x3e\x40-\x7e]+)$/,
          'must be the name of a model, "<provider>:*" or "*"',
        ),
    )
    .max(200)
    .optional()
    .describe('Language models that may be asked for: "llama3.2", "openai:gpt-4o", "ollama:*", "*".'),
  next_tier: tierId.nullable().optional().describe('What a refusal points to.'),
  price_nano: nanoField()
    .nullable()
    .optional()
    .describe('Nano-USD a month that tenants are shown; nothing is charged. null: no price is shown.'),
  self_service: z
    .boolean()
    .optional()
    .describe('Whether tenants of the tier before it may move into it by themselves; not, in a new tier.'),
})
type Given = z.output<typeof input>

export function setTier({ refreshTrust }: SetTierDeps) {
  return defineOperation({
    name: 'set_tier',
    title: 'Set a tier',
    description:
      'Makes a tier or changes one: monthly limit, rate, models, next tier, and what tenants are offered it for. What is left out stays.',
    realm: 'deployment',
    access: 'write',
    input,
    output: z.strictObject({ tier: tierShape }),
    async run(given, call) {
      call.about(`tier:${given.tier}`)
      const answer = await call.system('manage_money', async tx => {
        await requireNext(tx, given)
        await write(tx, given)
        for (const { id } of await tx.all(tenantsOf(given.tier))) await orderBudgetRaised(tx, id)
        return { tier: await findTier(tx, given.tier) }
      })
      await refreshTrust()
      return answer
    },
  })
}

async function requireNext(tx: Writer, { tier, next_tier: next }: Given): Promise<void> {
  if (next === undefined || next === null) return
  if (next === tier)
    throw fault('invalid_input', {
      say: 'A tier does not come after itself.',
      issues: [{ field: 'next_tier', message: 'must be another tier' }],
    })
  if ((await tx.first(sql`select from app.tier where id = ${next}`)) === undefined)
    throw await unknownTier(tx, next)
}

interface StoredTier {
  readonly name: string
  readonly limit_nano: bigint | null
  readonly requests_per_minute: number | null
  readonly models: string[]
  readonly next_tier: string | null
  readonly price_nano: bigint | null
  readonly is_self_service: boolean
}

async function write(tx: Writer, given: Given): Promise<void> {
  const known = await tx.first(
    sql<StoredTier>`select name, limit_nano, requests_per_minute, models, next_tier, price_nano, is_self_service
      from app.tier where id = ${given.tier} for update`,
  )
  const {
    name = known?.name ?? given.tier,
    limit_nano = known === undefined ? undefined : text(known.limit_nano),
    requests_per_minute = known?.requests_per_minute ?? null,
    models = known?.models,
    next_tier = known?.next_tier ?? null,
    price_nano = text(known?.price_nano),
    self_service = known?.is_self_service ?? false,
  } = given
  if (limit_nano === undefined || models === undefined) throw incomplete(given)
  await tx.run(sql`
    insert into app.tier (id, name, limit_nano, requests_per_minute, models, next_tier, price_nano, is_self_service)
    values (${given.tier}, ${name}, ${limit_nano}, ${requests_per_minute}, ${models}, ${next_tier}, ${price_nano},
      ${self_service})
    on conflict (id) do update set name = excluded.name, limit_nano = excluded.limit_nano, changed_at = now(),
      requests_per_minute = excluded.requests_per_minute, models = excluded.models, next_tier = excluded.next_tier,
      price_nano = excluded.price_nano, is_self_service = excluded.is_self_service`)
}

function text(nano: bigint | null | undefined): string | null {
  return nano?.toString() ?? null
}

/** What a tier is for is not guessed. */
function incomplete({ tier, limit_nano, models }: Given) {
  const missing = [
    ...(limit_nano === undefined ? [{ field: 'limit_nano', message: 'is required for a new tier' }] : []),
    ...(models === undefined ? [{ field: 'models', message: 'is required for a new tier' }] : []),
  ]
  return fault('invalid_input', {
    say: `"${tier}" would be a new tier: say its limit (or none) and its models (or *).`,
    issues: missing,
  })
}

function tenantsOf(tier: string) {
  return sql<{ id: string }>`select id from app.tenant where tier = ${tier} and status = 'active'`
}
