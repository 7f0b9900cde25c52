// call.spend: no provider is paid but through here. Reserve what the call may cost at most, do it, settle what it cost.
// A process that dies in between leaves a hold, which is ended when it expires.
import type { Database } from '../../platform/db/database.ts'
import { fault } from '../../platform/faults.ts'
import type { Logger } from '../../platform/telemetry/logger.ts'
import { trace } from '../../platform/telemetry/trace.ts'
import { boundsOf, maxOutputFor, type Bounds } from './bounds.ts'
import { budgetExceeded } from './budget-exceeded.ts'
import { markSent, reserve, type Basis, type Hold, type HoldRequest, type Payer } from './holds.ts'
import { settler, type Said, type Settled } from './settlement.ts'
import type { Price, Usage } from './usage.ts'

export type { Settled }

/** One call to a provider, before it is made. */
export interface Spending extends Bounds {
  /** Names the step within its call: 'embed_query'. Twice the same step of one call is charged once. */
  readonly step: string
  /** Tells this try of the step from others, which are charged by themselves. */
  readonly attempt?: string
  /** As it is configured: "openai:gpt-4". */
  readonly model: string
  /** Free text of the caller for its own reports, e.g. a matter. */
  readonly label?: string | undefined
  /** Hears what the call came to, when it is settled. */
  readonly settled?: ((settled: Settled) => void) | undefined
}

/** What the code that calls the provider is given, and has to tell. */
export interface Allowance {
  /** The tenant. */
  readonly owner: string
  /** Tokens the provider may put out, for its max_tokens: what it does cannot cost more than was reserved. */
  readonly maxOutput: number
  /** Resolves when it is on record that the request leaves; to be awaited right before. From then on a crash is charged. */
  sent(): Promise<void>
  /**
   * What was used so far; the last word counts, also when the call fails afterwards. No units at all: the provider has
   * done nothing (it refused the connection, or the request). Never said although sent: all that was reserved is charged.
   */
  used(usage: Usage, basis?: Exclude<Basis, 'hold'>): void
}

export type Spend = <T>(spending: Spending, fn: (allowance: Allowance) => Promise<T>) => Promise<T>

/** Whose call it is, and what tells its steps from those of others. */
export interface Spender extends Payer {
  readonly callId: string
}

/** Throws `price_unknown` for a model that no source has a price of. */
export type PriceOf = (tenantId: string, model: string) => Promise<Price>

export interface SpendDeps {
  readonly database: Database
  readonly priceOf: PriceOf
  readonly log: Logger
  /** Longer than any call to a provider may take. */
  readonly lifetimeMs?: number
}

export type SpendAs = (spender: Spender) => Spend

const LIFETIME_MS = 900_000

export function spendAs({ database, priceOf, log, lifetimeMs = LIFETIME_MS }: SpendDeps): SpendAs {
  const end = settler({ database, log })
  return spender =>
    async function spend(spending, fn) {
      const price = await priceOf(spender.tenantId, spending.model)
      const bounds = boundsOf(spending, price.perMillion)
      const request = { ...requestOf(spender, spending, price), lifetimeMs }
      const hold = await trace('reserve', () =>
        reserved(database, { ...request, atLeast: bounds.least, atMost: bounds.most }),
      )
      const said: Said = { isSent: false }
      try {
        return await fn(
          allowance(hold, {
            owner: spender.tenantId,
            maxOutput: maxOutputFor(hold.nano, bounds),
            said,
            send: () => markSent(database, spender, hold),
          }),
        )
      } finally {
        const settled = await trace('settle', () => end(spender, hold, { said, price }))
        spending.settled?.(settled)
      }
    }
}

interface AllowanceParts {
  readonly owner: string
  readonly maxOutput: number
  readonly said: Said
  readonly send: () => Promise<boolean>
}

function allowance(hold: Hold, { owner, maxOutput, said, send }: AllowanceParts): Allowance {
  return {
    owner,
    maxOutput,
    sent: async () => {
      if (said.isSent) return
      if (!(await send())) throw fault('timeout', { detail: `hold ${hold.id} ended before its request left` })
      said.isSent = true
    },
    used: (usage, basis = 'provider') => {
      said.usage = { ...usage }
      said.basis = basis
    },
  }
}

function requestOf(payer: Spender, spending: Spending, { perMillion, version }: Price) {
  const { step, attempt, model, label } = spending
  const stepKey = [payer.callId, step, attempt].filter(part => part !== undefined).join('/')
  return { payer, stepKey, step, model, label, perMillion, priceVersion: version }
}

async function reserved(database: Database, request: HoldRequest): Promise<Hold> {
  const reservation = await reserve(database, request)
  if (reservation.outcome === 'held') return reservation.hold
  if (reservation.outcome === 'refused') throw budgetExceeded(reservation.full, request.atLeast)
  throw fault('conflict', {
    reason: reservation.state === 'settled' ? 'step_charged' : 'step_under_way',
    say: 'This step was paid for already, or is under way: it is not done twice.',
  })
}
