// Builds the server's parts by hand and hands each what it needs. Nothing listens yet: serve.ts and operator.ts
// decide where.
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { catalog } from './features/catalog.ts'
import { ensureSigningKey } from './features/identity/ensure-signing-key.ts'
import { workTenantJobs } from './features/tenants/tenant-jobs.ts'
import type { Tenant } from './features/tenants/tenant-rows.ts'
import { authenticator, type Authenticate } from './gate/authenticate.ts'
import { memoryLimiter } from './gate/limits/memory-limiter.ts'
import { callOpener, type CallContext } from './gate/open-call.ts'
import type { Operation } from './gate/operation.ts'
import type { DeploymentPrincipal, Principal } from './gate/call.ts'
import { rateLimit, ratesFrom, type RateLimit } from './gate/rate-limit.ts'
import { recorder } from './gate/record.ts'
import { operationRunner } from './gate/run-operation.ts'
import { issuerOf, resourceOf } from './gate/tokens/audience.ts'
import { tokenTrust, type TokenTrust } from './gate/tokens/token-trust.ts'
import type { Config } from './platform/config.ts'
import { openDatabase, type OpenDatabase } from './platform/db/open-database.ts'
import { startJobWorkers, type JobWorkers } from './platform/jobs/job-workers.ts'
import type { Logger } from './platform/telemetry/logger.ts'
import { localEmbedder } from './platform/models/local-embedder.ts'
import { makeDataFolder } from './data-folder.ts'
import { ROLES } from './roles.ts'
import { seedAll } from './seed-all.ts'

export interface Gatehouse {
  readonly opened: OpenDatabase
  readonly catalog: readonly Operation[]
  readonly trust: TokenTrust
  readonly limits: RateLimit
  readonly authenticate: Authenticate
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
  const trust = tokenTrust({ database, log })
  let workers: JobWorkers | undefined
  try {
    await ensureSigningKey({ database, dataDir: config.dataDir })
    await trust.start()
    workers = ROLES[config.role].works ? await startWork(opened, log) : undefined
  } catch (error) {
    trust.stop()
    await opened.close()
    throw error
  }
  const limits = rateLimit({ limiter: memoryLimiter(), rates: ratesFrom(config.rate) })
  const runOperation = operationRunner({ takeToken: limits.takeToken, record: recorder({ database, log }) })
  const openCall = callOpener(database)
  const run: Gatehouse['run'] = (operation, rawInput, principal, context) =>
    runOperation(operation, rawInput, openCall(operation, principal, context))
  const operate: Gatehouse['operate'] = (name, input, signal = new AbortController().signal) => {
    const operation = operations.find(candidate => candidate.name === name)
    if (operation === undefined) throw new Error(`the catalog has no ${name}`)
    return run(operation, input, operator(), {
      requestId: randomUUID(),
      signal,
    })
  }
  const operations = operationsOf(opened, { config, log, progress }, { trust, operate })
  return {
    opened,
    catalog: operations,
    trust,
    limits,
    authenticate: authenticator({
      trust,
      issuer: issuerOf(config.publicUrl),
      audience: resourceOf(config.publicUrl, 'mcp'),
    }),
    run,
    operate,
    close: async () => {
      trust.stop()
      await workers?.stop()
      await opened.close()
    },
  }
}

/** Whoever started this process or may open its socket. */
export function operator(): DeploymentPrincipal {
  return { realm: 'deployment', subject: `operator:${userInfo().username}` }
}

function operationsOf(
  opened: OpenDatabase,
  { config, progress }: Surroundings,
  { trust, operate }: Pick<Gatehouse, 'trust' | 'operate'>,
): readonly Operation[] {
  const embedder = localEmbedder()
  const tenantOf = async (answer: Promise<Record<string, unknown>>): Promise<Tenant> =>
    (await answer)['tenant'] as Tenant
  const seeding = {
    database: opened.database,
    embedder,
    createTenant: (tenant: Record<string, unknown>) => tenantOf(operate('create_tenant', tenant)),
    getTenant: (tenant: string) => tenantOf(operate('get_tenant', { tenant })),
    progress,
  }
  return catalog({
    retrieval: { embedder },
    documents: { embedder, seed: signal => seedAll(seeding, signal) },
    identity: {
      dataDir: config.dataDir,
      publicUrl: config.publicUrl,
      refreshTrust: trust.refresh,
      rotateSealKey: sealRotation(opened),
    },
  })
}

/** The background work, where this process was given the logins for it. */
async function startWork({ owner, worker }: OpenDatabase, log: Logger): Promise<JobWorkers | undefined> {
  if (owner === undefined || worker === undefined) return undefined
  const workers = await startJobWorkers({
    engine: worker,
    onProblem: ({ error, ...where }) => log.warn({ err: error, ...where }, 'a background job failed'),
  })
  await workTenantJobs(workers, owner)
  return workers
}

function sealRotation({ owner, seals }: OpenDatabase): (() => Promise<string>) | undefined {
  return owner === undefined ? undefined : async () => (await seals.rotate(owner)).id
}
