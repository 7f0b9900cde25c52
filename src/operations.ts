// Hands each feature what it needs, and answers the catalog of operations.
import { catalog } from './features/catalog.ts'
import { forgetTasksOf } from './features/agents/tasks/forget-tasks-of.ts'
import { pageTokens } from './features/agents/tasks/rows/page-token.ts'
import type { Workflow } from './features/agents/workflows/workflow.ts'
import { leaveAccessLists } from './features/documents/access/leave-access-lists.ts'
import { orderEmbedding } from './features/embeddings/embedding-queues.ts'
import { servingModel } from './features/embeddings/serving-model.ts'
import { queryVectors } from './features/retrieval/embed/query-vectors.ts'
import { searchCache } from './features/retrieval/results/search-cache.ts'
import type { SystemDeps } from './features/system/operations.ts'
import type { Tenant } from './features/tenants/tenant-rows.ts'
import { offerSampleTier } from './features/usage/tiers/offer/offer-sample-tier.ts'
import type { DeploymentPrincipal } from './gate/call.ts'
import { fetchKeySet } from './gate/issuers/remote-keys.ts'
import { revokeKeysOf } from './gate/keys/revoke-keys-of.ts'
import type { Operation } from './gate/operation.ts'
import type { PaidCalls } from './paid-calls.ts'
import type { TokenTrust } from './gate/tokens/token-trust.ts'
import type { Accounts } from './features/accounts/account-doors.ts'
import { memoryCache } from './platform/cache/memory-cache.ts'
import type { Config } from './platform/config.ts'
import type { OpenDatabase } from './platform/db/open-database.ts'
import { tenantDoors, type TenantDoors } from './platform/db/tenant-doors.ts'
import type { JournalHints } from './platform/journal/hints.ts'
import { keySetFetcher } from './platform/outbound/fetch-key-set.ts'
import { postPublic } from './platform/outbound/public/post-public.ts'
import { seedAll } from './seed-all.ts'

/** Some 2,700 vectors of 1,536 dimensions; a quarter of them for one tenant at most. */
const QUERY_VECTORS = { maxBytes: 16_777_216, maxEntries: 10_000 }

/** Some 1,500 answers of ten passages. */
const ANSWERS = { maxBytes: 33_554_432, maxEntries: 4_096 }

/** Runs a deployment's operation as the operator who started the process. */
export type Operate = (
  name: string,
  input: Record<string, unknown>,
  signal?: AbortSignal,
) => Promise<Record<string, unknown>>

export interface Parts {
  readonly opened: OpenDatabase
  readonly trust: TokenTrust
  readonly accounts: Accounts
  readonly hints: JournalHints
  readonly paid: PaidCalls
  readonly workflows: readonly Workflow[]
  readonly operator: DeploymentPrincipal
  readonly operate: Operate
  readonly system: SystemDeps
}

/** The catalog of this process. */
export function operationsOf(
  { opened, trust, accounts, hints, paid, workflows, operator, operate, system }: Parts,
  { config, progress }: { readonly config: Config; readonly progress: (line: string) => void },
): readonly Operation[] {
  const { database } = opened
  const doorsOf = (tenantId: string): TenantDoors =>
    tenantDoors(database, { tenantId, subject: operator.subject, reads: 'all' })
  const tenantOf = async (answer: Promise<Record<string, unknown>>): Promise<Tenant> =>
    (await answer)['tenant'] as Tenant
  const seeding = {
    database,
    open: paid.models.open,
    spendAs: paid.spendAs,
    orderVectors: orderEmbedding,
    createTenant: (tenant: Record<string, unknown>) => tenantOf(operate('create_tenant', tenant)),
    getTenant: (tenant: string) => tenantOf(operate('get_tenant', { tenant })),
    findTenant: (slug: string) => tenantNamed(slug, operate),
    offerTier: () => offerSampleTier(operate),
    progress,
  }
  return catalog({
    retrieval: {
      servingModel: servingModel({ database, open: paid.models.open }),
      embedWithinMs: config.embeddings.queryMs,
      queryVectors: queryVectors({ cache: memoryCache(QUERY_VECTORS) }),
      answers: searchCache({ cache: memoryCache(ANSWERS) }),
    },
    agents: agentsOf({ opened, hints, paid, workflows }, config),
    documents: {
      orderVectors: orderEmbedding,
      hints,
      maxFileBytes: config.ingest.maxFileBytes,
      seed: signal => seedAll(seeding, signal),
    },
    embeddings: {
      owner: opened.owner,
      probe: paid.models.probe,
      readTenant: (tenantId, fn) => doorsOf(tenantId).read(fn),
      writeTenant: (tenantId, fn) => doorsOf(tenantId).write(fn),
    },
    accounts: { database, publicUrl: config.publicUrl, sessions: accounts.sessions },
    people: { refreshTrust: trust.refresh, leaveAccessLists, revokeKeysOf, forgetTasksOf },
    tenants: { refreshTrust: trust.refresh, owner: opened.owner },
    prices: { book: paid.book },
    tiers: { refreshTrust: trust.refresh },
    system,
    alerts: { poster: postPublic(config.privateWebhookHosts) },
    identity: {
      dataDir: config.dataDir,
      publicUrl: config.publicUrl,
      database,
      trust,
      refreshTrust: trust.refresh,
      probeIssuer: async jwksUrl => [
        ...(await fetchKeySet(jwksUrl, keySetFetcher(config.privateIssuerHosts))).keys(),
      ],
      rotateSealKey: sealRotation(opened),
    },
  })
}

/** Undefined where there is none. */
async function tenantNamed(slug: string, operate: Operate): Promise<Tenant | undefined> {
  const { tenants } = (await operate('list_tenants', {})) as { tenants: Tenant[] }
  return tenants.find(tenant => tenant.slug === slug)
}

function agentsOf(
  { opened, hints, paid, workflows }: Pick<Parts, 'opened' | 'hints' | 'paid' | 'workflows'>,
  config: Config,
) {
  return {
    models: paid.writers,
    standardModel: config.models.standard,
    tierOf: paid.tierOf,
    workflows,
    hints,
    pages: pageTokens(() => opened.seals.all().map(({ secret }) => secret)),
  }
}

function sealRotation({ owner, seals }: OpenDatabase): (() => Promise<string>) | undefined {
  return owner === undefined ? undefined : async () => (await seals.rotate(owner)).id
}
