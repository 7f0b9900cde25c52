// Which tier a tenant is in, in memory: asked at every call, read with what authentication knows, once a second. What a
// tier lets a tenant spend is not here: reserve_hold reads that in the transaction that spends.
import type { Statement } from '../../platform/db/database.ts'
import { tables } from '../../platform/db/statements.ts'
import type { TrustPart } from '../tokens/trust-part.ts'

export interface Tier {
  readonly id: string
  readonly name: string
  /** Calls a minute of the tenant; null: the deployment's rate. */
  readonly requestsPerMinute: number | null
  /** Language models that may be asked for: see allowsModel. */
  readonly models: readonly string[]
  /** The tier above, for those who are refused something. */
  readonly next?: Pick<Tier, 'id' | 'name' | 'requestsPerMinute'> | undefined
}

export interface Tiers extends TrustPart {
  /**
   * The tier of a tenant, two seconds old at most; in the process that changed it, of this moment. A tenant that is not
   * known (made elsewhere within the last second) has the deployment's rate and no models.
   */
  tierOf(tenantId: string): Tier
}

/** Rows carry the time their transaction began, and it may commit up to its time limit (30 s) later. */
const OVERLAP_MS = 60_000

interface TierRow {
  readonly id: string
  readonly name: string
  readonly requests_per_minute: number | null
  readonly models: string[]
  readonly next_tier: string | null
}

interface TenantTierRow {
  readonly id: string
  readonly tier: string
  readonly status: string
  readonly changed_at: Date
}

const NOBODYS: Tier = Object.freeze({ id: 'unknown', name: 'Unknown', requestsPerMinute: null, models: [] })

const app = tables<{ tier: TierRow; tenant: TenantTierRow }>()

export function tiers(): Tiers {
  let known: ReadonlyMap<string, Tier> = new Map()
  const tierIds = new Map<string, string>()
  let newest = 0

  return {
    tierOf: tenantId => known.get(tierIds.get(tenantId) ?? '') ?? NOBODYS,
    async load(tx) {
      const [all, changed] = await Promise.all([tx.all(allTiers), tx.all(tenantsSince(newest))])
      known = new Map(all.map(row => [row.id, asTier(row, all)]))
      for (const { id, tier, status, changed_at } of changed) {
        if (status === 'removing') tierIds.delete(id)
        else tierIds.set(id, tier)
        newest = Math.max(newest, changed_at.getTime())
      }
      return []
    },
  }
}

/**
 * Whether a tier lets its tenants ask for a language model, "openai:gpt-4". An entry is '*', all models of a provider
 * ("ollama:*"), a full name, or the bare name of a model at whichever provider ("gpt-4"). Nothing else is a pattern.
 */
export function allowsModel({ models }: Pick<Tier, 'models'>, model: string): boolean {
  const [, provider, bare = model] = /^([a-z]+):(.+)$/s.exec(model) ?? []
  return models.some(
    entry =>
      entry === '*' ||
      entry === model ||
      entry === bare ||
      (provider !== undefined && entry === `${provider}:*`),
  )
}

const allTiers = app.selectFrom('tier').select(['id', 'name', 'requests_per_minute', 'models', 'next_tier'])

function tenantsSince(newest: number): Statement<TenantTierRow> {
  return app
    .selectFrom('tenant')
    .select(['id', 'tier', 'status', 'changed_at'])
    .where('changed_at', '>', new Date(Math.max(0, newest - OVERLAP_MS)))
}

function asTier(
  { id, name, requests_per_minute, models, next_tier }: TierRow,
  all: readonly TierRow[],
): Tier {
  const above = all.find(row => row.id === next_tier)
  const next = above && { id: above.id, name: above.name, requestsPerMinute: above.requests_per_minute }
  return Object.freeze({
    id,
    name,
    requestsPerMinute: requests_per_minute,
    models: Object.freeze(models),
    next,
  })
}
