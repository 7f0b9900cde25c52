// Builds the server's parts by hand and hands each what it needs. Nothing listens yet: serve.ts and operator.ts
// decide where.
import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureSigningKey } from './features/identity/ensure-signing-key.ts'
import type { Tenant } from './features/tenants/tenant-rows.ts'
import type { Authenticate, Authenticator } from './gate/authenticate.ts'
import { concurrency, type Concurrency } from './gate/limits/concurrency.ts'
import { readPriceFile } from './gate/money/prices/price-file.ts'
import { memoryLimiter } from './gate/limits/memory-limiter.ts'
import { openLimiter, type OpenLimiter } from './gate/limits/open-limiter.ts'
import { callOpener, type CallContext } from './gate/open-call.ts'
import { streamOpener, type NextInput, type OpenStream } from './gate/streams/open-stream.ts'
import type { Operation, ReadOperation } from './gate/operation.ts'
import type { DeploymentPrincipal, Principal } from './gate/call.ts'
import { rateLimit, ratesFrom, type RateLimit } from './gate/rate-limit.ts'
import { recorder } from './gate/record.ts'
import { operationRunner } from './gate/run-operation.ts'
import { grants } from './gate/standing/granted.ts'
import { standings } from './gate/standing/standings.ts'
import { credentials } from './gate/tokens/credentials.ts'
import type { TokenTrust } from './gate/tokens/token-trust.ts'
import type { Config } from './platform/config.ts'
import { VERSION } from './platform/version.ts'
import { openDatabase, type OpenDatabase } from './platform/db/open-database.ts'
import { hintFor, journalHints } from './platform/journal/hints.ts'
import { keySetFetcher } from './platform/outbound/fetch-key-set.ts'
import { Fault } from './platform/faults.ts'
import type { Logger } from './platform/telemetry/logger.ts'
import { accountDoors, type Accounts } from './features/accounts/account-doors.ts'
import { openSystem, type OpenSystem } from './features/system/open-system.ts'
import type { Workflow } from './features/agents/workflows/workflow.ts'
import { workflows as ownWorkflows } from './features/agents/workflows/workflows.ts'
import { startBackgroundWork, type AgentWork, type BackgroundWork } from './background-work.ts'
import { makeDataFolder } from './platform/data-folder.ts'
import { isolationAttacks } from './proofs/attack/isolation-attacks.ts'
import { ROLES } from './roles.ts'
import { operationsOf, type Operate } from './operations.ts'
import { paidCalls, type PaidCalls } from './paid-calls.ts'
import { sampleTenants } from './seed-all.ts'

export interface Gatehouse {
  readonly opened: OpenDatabase
  readonly catalog: readonly Operation[]
  /** What agents can be asked to do. */
  readonly workflows: readonly Workflow[]
  readonly trust: TokenTrust
  readonly limits: RateLimit
  readonly authenticate: Authenticate
  /** For /a2a, and what is beside it for the article's clients. */
  readonly authenticateA2a: Authenticate
  /** For /api: a token for /mcp does not open it, nor the other way about. */
  readonly authenticateApi: Authenticate
  /** As that, and for operators with their keys. */
  readonly authenticateAny: Authenticator['any']
  readonly concurrency: Concurrency
  /** How people sign in. */
  readonly accounts: Accounts
  readonly operate: Operate
  /** Runs an operation through the gate. */
  run(
    operation: Operation,
    rawInput: unknown,
    principal: Principal,
    context: CallContext,
  ): Promise<Record<string, unknown>>
  /** A read operation through the gate, asked again and again: see gate/streams/open-stream.ts. */
  stream(
    operation: ReadOperation,
    rawInput: unknown,
    at: { readonly principal: Principal; readonly context: CallContext },
    next: NextInput,
  ): AsyncGenerator<Record<string, unknown>>
  /** Ends the work and closes the database; call it when nothing is served any more. */
  close(): Promise<void>
}

export interface Surroundings {
  readonly config: Config
  readonly log: Logger
  /** Workflows beside our own. */
  readonly workflows?: readonly Workflow[]
  /** A line for a person who waits. */
  readonly progress: (line: string) => void
}

export async function openGatehouse(surroundings: Surroundings): Promise<Gatehouse> {
  const { config, log, progress } = surroundings
  const running = await startParts({ config, log, progress })
  const { opened, doors, paid } = running
  const { database } = opened
  const { limits, redis, stopCounting } = await countedLimits({ config, log, tierOf: paid.tierOf })
  const stages = { takeToken: limits.takeToken, record: recorder({ database, log }) }
  const openCall = callOpener({ database, spendAs: paid.spendAs })
  const run = runner(operationRunner(stages), openCall)
  const streams = streamer(streamOpener(stages), openCall)
  const operateAs: OperateAs = (principal, name, input, signal = new AbortController().signal) =>
    run(operationNamed(operations, name), input, principal, { requestId: randomUUID(), signal })
  const operate: Operate = (name, input, signal) => operateAs(operator(), name, input, signal)
  const system = systemOf({ opened, paid, redis, operateAs }, surroundings)
  const accounts = accountDoors({
    database,
    publicUrl: config.publicUrl,
    sampleTenants: () => activeSamples(operate),
    log,
  })
  const workflows = workflowsOf(surroundings, {
    paid,
    runInside: (call, name, input) => run(operationNamed(operations, name), input, call.principal, call),
  })
  const operations: readonly Operation[] = operationsOf(
    {
      ...running,
      trust: doors.trust,
      accounts,
      workflows,
      operator: operator(),
      operate,
      system: system.deps,
    },
    { config, progress },
  )
  await running.work({ workflows, openCall })
  return {
    opened,
    catalog: operations,
    workflows,
    trust: doors.trust,
    limits,
    authenticate: doors.at('mcp').tenant,
    authenticateA2a: doors.at('a2a').tenant,
    authenticateApi: doors.at('api').tenant,
    authenticateAny: doors.at('api').any,
    concurrency: concurrency({ ...config.concurrency, refusalPauseMs: REFUSAL_PAUSE_MS }),
    accounts,
    run,
    stream: streams.stream,
    operate,
    close: async () => {
      stopCounting()
      await system.stop()
      await Promise.race([streams.ended(), sleep(STREAMS_MS, undefined, { ref: false })])
      await running.stop()
    },
  }
}

interface SystemParts {
  readonly opened: OpenDatabase
  readonly paid: PaidCalls
  readonly redis: OpenLimiter['store']
  readonly operateAs: OperateAs
}

function systemOf(
  { opened, paid, redis, operateAs }: SystemParts,
  { config, log }: Surroundings,
): OpenSystem {
  return openSystem({
    database: opened.database,
    log,
    attacker: isolationAttacks({ config, servesTenants: ROLES[config.role].mcp, operateAs }),
    status: {
      version: VERSION,
      role: config.role,
      redis,
      embeddingServers: paid.models.destinations,
      languageServers: paid.writers.destinations,
    },
  })
}

function workflowsOf(
  { config, workflows = [] }: Surroundings,
  { paid, runInside }: { readonly paid: PaidCalls } & Pick<Parameters<typeof ownWorkflows>[0], 'runInside'>,
): Workflow[] {
  const { writers: models, tierOf } = paid
  return [...ownWorkflows({ runInside, models, tierOf, standardModel: config.models.standard }), ...workflows]
}

/** What runs from the start on: the database, who is trusted, what is paid; and then the background work of this role. */
async function startParts({ config, log, progress }: Surroundings) {
  await makeDataFolder(config.dataDir)
  const priceFile = config.pricesFile === undefined ? undefined : await readPriceFile(config.pricesFile)
  const opened = await openDatabase({
    config,
    progress,
    onIdleError: error => log.warn({ err: error }, 'an idle database connection was lost'),
  })
  const { database } = opened
  const paid = paidCalls({ database, config, log, priceFile })
  const known = standings()
  const doors = credentials({
    database,
    log,
    publicUrl: config.publicUrl,
    standings: known,
    fetchKeySet: keySetFetcher(config.privateIssuerHosts),
    parts: [paid.tierBook],
  })
  const hints = journalHints(opened.listen, streamId =>
    database.system('send_hint', tx => tx.run(hintFor(streamId))),
  )
  const grantsOf = grants({ database, trust: doors.trust, standings: known })
  let work: BackgroundWork | undefined
  const stop = async (): Promise<void> => {
    await doors.stop()
    await work?.stop()
    await paid.ended(PAYING_MS)
    await hints.close()
    await opened.close()
  }
  try {
    await ensureSigningKey({ database, dataDir: config.dataDir })
    await doors.start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    opened,
    doors,
    paid,
    hints,
    stop,
    async work(agents: Pick<AgentWork, 'workflows' | 'openCall'>): Promise<void> {
      if (!ROLES[config.role].works) return
      const { models, spendAs } = paid
      try {
        const tasks = { ...agents, hints, grants: grantsOf }
        work = await startBackgroundWork({ opened, models, spendAs, tasks, config, log })
      } catch (error) {
        await stop()
        throw error
      }
    },
  }
}

async function countedLimits({
  config,
  log,
  tierOf,
}: Pick<Surroundings, 'config' | 'log'> & Pick<PaidCalls, 'tierOf'>) {
  const { redisUrl, replicas } = config
  const counting = await openLimiter({ url: redisUrl?.reveal(), replicas, log })
  const limits = rateLimit({
    limiter: counting.limiter,
    strangers: memoryLimiter(),
    rates: ratesFrom(config.rate),
    tierOf,
    refusalPauseMs: REFUSAL_PAUSE_MS,
  })
  return { limits, redis: counting.store, stopCounting: counting.close }
}

function operationNamed(operations: readonly Operation[], name: string): Operation {
  const operation = operations.find(candidate => candidate.name === name)
  if (operation === undefined) throw new Error(`the catalog has no ${name}`)
  return operation
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

/** Streams, and the way to wait for what they still put on record when their readers have gone. */
function streamer(openStream: OpenStream, openCall: ReturnType<typeof callOpener>) {
  const open = new Set<Promise<void>>()
  const stream: Gatehouse['stream'] = async function* (operation, rawInput, { principal, context }, next) {
    const ended = Promise.withResolvers<void>()
    open.add(ended.promise)
    try {
      yield* openStream(operation, rawInput, openCall(operation, principal, context), next)
    } catch (error) {
      throw context.signal.reason instanceof Fault ? context.signal.reason : error
    } finally {
      open.delete(ended.promise)
      ended.resolve()
    }
  }
  return { stream, ended: async () => void (await Promise.all(open)) }
}

type OperateAs = (
  principal: DeploymentPrincipal,
  name: string,
  input: Record<string, unknown>,
  signal?: AbortSignal,
) => Promise<Record<string, unknown>>

/** Whoever started this process or may open its socket. */
export function operator(): DeploymentPrincipal {
  return { realm: 'deployment', subject: `operator:${userInfo().username}` }
}

/** For streams that were cut off, to be put on record. */
const STREAMS_MS = 5_000

/** For payments that outlast their calls; what is then not settled is charged in full when its hold expires. */
const PAYING_MS = 10_000

/** A caller is told to come back after a second at least: the refusal itself may take half of it. */
const REFUSAL_PAUSE_MS = 500

/** Of the samples that are there: somebody's own tenant of the same short name has another id. */
async function activeSamples(operate: Gatehouse['operate']): Promise<string[]> {
  const samples = await sampleTenants()
  const found = await Promise.all(
    samples.map(({ id }) => operate('get_tenant', { tenant: id }).catch(() => undefined)),
  )
  return found.flatMap(answer => (answer === undefined ? [] : [(answer['tenant'] as Tenant).id]))
}
