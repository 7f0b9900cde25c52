// A hold in the database: reserved, sent, settled. The functions behind are spending.fn.sql; each call here is one short
// transaction under the tenant's seal, which nobody's cancellation stops.
import { createHash, randomBytes } from 'node:crypto'
import type { Database } from '../../platform/db/database.ts'
import { sql, sqlFile } from '../../platform/db/statements.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { MOST_NANO, type PerMillion, type Usage } from './usage.ts'

/** Who spends, for what. All of it stands in the ledger. */
export interface Payer {
  readonly tenantId: string
  readonly subject: string
  /** The API key the call came with. */
  readonly keyId?: string | undefined
  readonly operation: string
  readonly task?: string | undefined
}

export interface HoldRequest {
  readonly payer: Payer
  /** Reserved once, whoever asks how often. */
  readonly stepKey: string
  readonly step: string
  readonly model: string
  readonly label?: string | undefined
  readonly perMillion: PerMillion
  readonly priceVersion: string
  readonly atLeast: bigint
  readonly atMost: bigint
  readonly lifetimeMs: number
}

export interface Hold {
  readonly id: string
  readonly nano: bigint
  /** Without it nobody settles the hold. */
  readonly proof: Buffer
}

export const PERIODS = ['day', 'week', 'month', 'lifetime'] as const
export const BUDGET_SCOPES = ['tenant', 'user', 'key', 'model', 'task'] as const

/** The budget that a call did not fit into: of several the one that blocks, with the least room. */
export interface FullBudget {
  readonly budget_id: string
  readonly scope: (typeof BUDGET_SCOPES)[number]
  readonly member: string
  readonly period: (typeof PERIODS)[number]
  /** With what was granted on top. */
  readonly limit_nano: bigint
  readonly spent_nano: bigint
  /** Reserved by other calls that are under way. */
  readonly other_holds_nano: bigint
  readonly resets_at: Date | null
  readonly action: 'degrade' | 'block'
  readonly degrade_to: string | null
  /** Of a tenant's own budget: where it could go. */
  readonly next_tier: {
    readonly id: string
    readonly name: string
    readonly limit_nano: number | null
    /** The tenant may move there by itself. */
    readonly is_self_service: boolean
  } | null
}

export type HoldState = 'held' | 'sent' | 'settled' | 'released'

export type Reservation =
  | { readonly outcome: 'held'; readonly hold: Hold }
  | { readonly outcome: 'refused'; readonly full: FullBudget }
  | { readonly outcome: 'repeated'; readonly state: HoldState }

/** How a cost is known: by the provider's word, by counting what arrived, or not at all (then all that was held). */
export type Basis = 'provider' | 'counted' | 'hold'

export interface Settlement {
  readonly usage: Usage
  /** Null: nothing was done for it, and all is given back. */
  readonly nano: bigint | null
  readonly basis: Basis
}

type ReservedRow = FullBudget & {
  readonly outcome: 'held' | 'refused' | 'repeated'
  readonly state: HoldState
  readonly held_nano: bigint
}

const reserveHold = sqlFile<Record<string, unknown>, ReservedRow>(import.meta.url, 'reserve-hold.sql')

export async function reserve(database: Database, request: HoldRequest): Promise<Reservation> {
  const { payer, stepKey, step, model, label, perMillion, priceVersion } = request
  const id = uuidv7()
  const proof = randomBytes(32)
  const call = {
    key_id: payer.keyId ?? null,
    model,
    operation: payer.operation,
    task: payer.task ?? null,
    step,
    label: label ?? null,
    per_million: Object.fromEntries(Object.entries(perMillion).map(([part, nano]) => [part, Number(nano)])),
    price_version: priceVersion,
  }
  const row = await database.writeAs(scopeOf(payer), tx =>
    tx.first(
      reserveHold({
        id,
        step_key: stepKey,
        proof_hash: createHash('sha256').update(proof).digest(),
        call: JSON.stringify(call),
        at_least: atMostMost(request.atLeast),
        at_most: atMostMost(request.atMost),
        lifetime_s: request.lifetimeMs / 1000,
      }),
    ),
  )
  if (row === undefined) throw new Error('reserve_hold returns one row')
  if (row.outcome === 'held') return { outcome: 'held', hold: { id, nano: row.held_nano, proof } }
  return row.outcome === 'refused'
    ? { outcome: 'refused', full: row }
    : { outcome: 'repeated', state: row.state }
}

/** False when the hold is over: it was not sent in time, and nothing may be sent for it any more. */
export async function markSent(database: Database, payer: Payer, { id, proof }: Hold): Promise<boolean> {
  const marked = sql<{ sent: boolean }>`select app.mark_sent(${id}, ${proof}) as sent`
  return (await database.writeAs(scopeOf(payer), tx => tx.first(marked)))?.sent === true
}

/** Asked again it changes nothing. Returns what the hold is afterwards. */
export async function settle(
  database: Database,
  payer: Payer,
  { id, proof }: Hold,
  { usage, nano, basis }: Settlement,
): Promise<HoldState> {
  const units = JSON.stringify(usage)
  const settled = sql<{ state: HoldState }>`
    select app.settle_hold(${id}, ${proof}, ${units}::jsonb, ${nano}, ${basis}) as state`
  // Not as the user: one who was disabled in the meantime still pays what was used, and no more.
  const scope = { tenantId: payer.tenantId, subject: 'gatehouse:settle' }
  const row = await database.writeAs(scope, tx => tx.first(settled))
  if (row === undefined) throw new Error('settle_hold returns one row')
  return row.state
}

function atMostMost(nano: bigint): bigint {
  return nano > MOST_NANO ? MOST_NANO : nano
}

function scopeOf({ tenantId, subject }: Payer): { tenantId: string; subject: string } {
  return { tenantId, subject }
}
