// Builds the server's parts by hand and hands each what it needs. Nothing listens yet: serve.ts and operator.ts
// decide where.
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { catalog } from './features/catalog.ts'
import { ensureSigningKey } from './features/identity/ensure-signing-key.ts'
import { orderEmbedding } from './features/embeddings/embedding-queues.ts'
import { servingModel } from './features/embeddings/serving-model.ts'
import { leaveAccessLists } from './features/documents/access/leave-access-lists.ts'
import { queryVectors } from './features/retrieval/embed/query-vectors.ts'
import { searchCache } from './features/retrieval/results/search-cache.ts'
import type { Tenant } from './features/tenants/tenant-rows.ts'
import type { Authenticate, Authenticator } from './gate/authenticate.ts'
import { concurrency, type Concurrency } from './gate/limits/concurrency.ts'
import { revokeKeysOf } from './gate/keys/revoke-keys-of.ts'
import { memoryLimiter } from './gate/limits/memory-limiter.ts'
import { callOpener, type CallContext } from './gate/open-call.ts'
import type { Operation } from './gate/operation.ts'
import type { DeploymentPrincipal, Principal } from './gate/call.ts'
import { rateLimit, ratesFrom, type RateLimit } from './gate/rate-limit.ts'
import { recorder } from './gate/record.ts'
import { operationRunner } from './gate/run-operation.ts'
import { standings } from './gate/standing/standings.ts'
import { fetchKeySet } from './gate/issuers/remote-keys.ts'
import { credentials } from './gate/tokens/credentials.ts'
import type { TokenTrust } from './gate/tokens/token-trust.ts'
import { memoryCache } from './platform/cache/memory-cache.ts'
import type { Config } from './platform/config.ts'
import { openDatabase, type OpenDatabase } from './platform/db/open-database.ts'
import { tenantDoors, type TenantDoors } from './platform/db/tenant-doors.ts'
import { journalHints, type JournalHints } from './platform/journal/hints.ts'
import { keySetFetcher } from './platform/outbound/fetch-key-set.ts'
import { embedders, type Embedders } from './platform/models/embedders.ts'
import { Fault } from './platform/faults.ts'
import type { Logger } from './platform/telemetry/logger.ts'
import { accountDoors, type Accounts } from './accounts.ts'
import { startBackgroundWork, type BackgroundWork } from './background-work.ts'
import { makeDataFolder } from './platform/data-folder.ts'
import { ROLES } from './roles.ts'
import { sampleTenants, seedAll } from './seed-all.ts'

export interface Gatehouse {
  readonly opened: OpenDatabase
  readonly catalog: readonly Operation[]
  readonly trust: TokenTrust
  readonly limits: RateLimit
  readonly authenticate: Authenticate
  /** For /api: a token for /mcp does not open it, nor the other way about. */
  readonly authenticateApi: Authenticate
  /** As that, and for operators with their keys. */
  readonly authenticateAny: Authenticator['any']
  readonly concurrency: Concurrency
  /** How people sign in. */
  readonly accounts: Accounts
  /** Runs a deployment's operation as the operator who started the process. */
  operate(
    name: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>>
  /** Runs an operation through the gate. */
  run(
    operation: Operation,
    rawInput: unknown,
    principal: Principal,
    context: CallContext,
  ): Promise<Record<string, unknown>>
  /** Ends the work and closes the database; call it when nothing is served any more. */
  close(): Promise<void>
}

export interface Surroundings {
  readonly config: Config
  readonly log: Logger
  /** A line for a person who waits. */
  readonly progress: (line: string) => void
}

export async function openGatehouse({ config, log, progress }: Surroundings): Promise<Gatehouse> {
  await makeDataFolder(config.dataDir)
  const opened = await openDatabase({
    config,
    progress,
    onIdleError: error => log.warn({ err: error }, 'an idle database connection was lost'),
  })
  const { database } = opened
  const known = standings()
  const keySets = keySetFetcher(config.privateIssuerHosts)
  const { publicUrl } = config
  const doors = credentials({ database, log, publicUrl, standings: known, fetchKeySet: keySets })
  const { trust } = doors
  const models = embedders(config.embeddings)
  const hints = journalHints(opened.listen)
  let work: BackgroundWork | undefined
  try {
    await ensureSigningKey({ database, dataDir: config.dataDir })
    await doors.start()
    if (ROLES[config.role].works) work = await startBackgroundWork({ opened, models, config, log })
  } catch (error) {
    await doors.stop()
    await hints.close()
    await opened.close()
    throw error
  }
  const limits = rateLimit({ limiter: memoryLimiter(), rates: ratesFrom(config.rate) })
  const runOperation = operationRunner({ takeToken: limits.takeToken, record: recorder({ database, log }) })
  const run = runner(runOperation, callOpener(database))
  const operate: Gatehouse['operate'] = (name, input, signal = new AbortController().signal) => {
    const operation = operations.find(candidate => candidate.name === name)
    if (operation === undefined) throw new Error(`the catalog has no ${name}`)
    return run(operation, input, operator(), { requestId: randomUUID(), signal })
  }
  const api = doors.at('api')
  const accounts = accountDoors({ database, publicUrl, sampleTenants: () => activeSamples(operate), log })
  const parts = { opened, trust, models, hints, operate, accounts }
  const operations = operationsOf(parts, { config, log, progress })
  return {
    opened,
    catalog: operations,
    trust,
    limits,
    authenticate: doors.at('mcp').tenant,
    authenticateApi: api.tenant,
    authenticateAny: api.any,
    concurrency: concurrency(config.concurrency),
    accounts,
    run,
    operate,
    close: async () => {
      await doors.stop()
      await work?.stop()
      await hints.close()
      await opened.close()
    },
  }
}

function runner(
  runOperation: ReturnType<typeof operationRunner>,
  openCall: ReturnType<typeof callOpener>,
): Gatehouse['run'] {
  return async (operation, rawInput, principal, context) => {
    try {
      return await runOperation(operation, rawInput, openCall(operation, principal, context))
    } catch (error) {
      // On record it was cancelled; its caller is told why.
      throw context.signal.reason instanceof Fault ? context.signal.reason : error
    }
  }
}

/** Whoever started this process or may open its socket. */
export function operator(): DeploymentPrincipal {
  return { realm: 'deployment', subject: `operator:${userInfo().username}` }
}

/** Some 2,700 vectors of 1,536 dimensions; a quarter of them for one tenant at most. */
const QUERY_VECTORS = { maxBytes: 16_777_216, maxEntries: 10_000 }

/** Some 1,500 answers of ten passages. */
const ANSWERS = { maxBytes: 33_554_432, maxEntries: 4_096 }

interface Parts extends Pick<Gatehouse, 'opened' | 'trust' | 'operate' | 'accounts'> {
  readonly models: Embedders
  readonly hints: JournalHints
}

function operationsOf(
  { opened, trust, models, hints, operate, accounts }: Parts,
  { config, progress }: Surroundings,
): readonly Operation[] {
  const { database } = opened
  const doorsOf = (tenantId: string): TenantDoors =>
    tenantDoors(database, { tenantId, subject: operator().subject, reads: 'all' })
  const tenantOf = async (answer: Promise<Record<string, unknown>>): Promise<Tenant> =>
    (await answer)['tenant'] as Tenant
  const seeding = {
    database,
    open: models.open,
    orderVectors: orderEmbedding,
    createTenant: (tenant: Record<string, unknown>) => tenantOf(operate('create_tenant', tenant)),
    getTenant: (tenant: string) => tenantOf(operate('get_tenant', { tenant })),
    progress,
  }
  return catalog({
    retrieval: {
      servingModel: servingModel({ database, open: models.open }),
      embedWithinMs: config.embeddings.queryMs,
      queryVectors: queryVectors({ cache: memoryCache(QUERY_VECTORS) }),
      answers: searchCache({ cache: memoryCache(ANSWERS) }),
    },
    documents: {
      orderVectors: orderEmbedding,
      hints,
      maxFileBytes: config.ingest.maxFileBytes,
      seed: signal => seedAll(seeding, signal),
    },
    embeddings: {
      owner: opened.owner,
      probe: models.probe,
      readTenant: (tenantId, fn) => doorsOf(tenantId).read(fn),
      writeTenant: (tenantId, fn) => doorsOf(tenantId).write(fn),
    },
    accounts: { database, publicUrl: config.publicUrl, sessions: accounts.sessions },
    people: { refreshTrust: trust.refresh, leaveAccessLists, revokeKeysOf },
    tenants: { refreshTrust: trust.refresh, owner: opened.owner },
    identity: {
      dataDir: config.dataDir,
      publicUrl: config.publicUrl,
      refreshTrust: trust.refresh,
      probeIssuer: async jwksUrl => [
        ...(await fetchKeySet(jwksUrl, keySetFetcher(config.privateIssuerHosts))).keys(),
      ],
      rotateSealKey: sealRotation(opened),
    },
  })
}

/** Of the samples that are there: somebody's own tenant of the same short name has another id. */
async function activeSamples(operate: Gatehouse['operate']): Promise<string[]> {
  const samples = await sampleTenants()
  const found = await Promise.all(
    samples.map(({ id }) => operate('get_tenant', { tenant: id }).catch(() => undefined)),
  )
  return found.flatMap(answer => (answer === undefined ? [] : [(answer['tenant'] as Tenant).id]))
}

function sealRotation({ owner, seals }: OpenDatabase): (() => Promise<string>) | undefined {
  return owner === undefined ? undefined : async () => (await seals.rotate(owner)).id
}
