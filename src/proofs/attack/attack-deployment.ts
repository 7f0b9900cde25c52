// `gatehouse attack`: plays an attacker against a running deployment, on two tenants made for it, and says what held.
import { interruption } from '../../protocols/cli/ingest/interruption.ts'
import type { Operator } from '../../protocols/cli/operator.ts'
import { printFinding, printResult } from '../../protocols/cli/output.ts'
import type { Config } from '../../platform/config.ts'
import { rawRequest } from '../../platform/outbound/probe/raw-request.ts'
import { asFault, fault } from '../../platform/faults.ts'
import type { Attack } from './attack.ts'
import { ATTACKS } from './attacks.ts'
import { openDatabaseGround } from './database/open-database.ts'
import { openGround } from './ground/open-ground.ts'
import { reportOf, summaryOf, tableOf, type Report } from './report.ts'
import { runAttacks, runOnDatabase, type Outcome } from './run-attacks.ts'

/** As typed. */
export interface AttackOptions {
  readonly url?: string
  readonly databaseUrl?: string
  readonly only?: string
  readonly json?: boolean
  readonly keep?: boolean
}

export interface AttackDeps {
  readonly config: Config
  /** The operator of the deployment under attack. */
  readonly openOperator: () => Promise<Pick<Operator, 'run' | 'close'>>
  readonly attacks?: readonly Attack[]
  readonly pauseMs?: number
  /** Told while it goes on; a command tells the terminal. */
  readonly told?: Told
}

export interface Told {
  readonly say: (line: string) => void
  readonly outcome: (outcome: Outcome) => void
  /** A throw-away tenant is about to be made. */
  readonly tenant?: (slug: string) => void
  /** The attacks begin; the tenants are being removed. */
  readonly stage?: (stage: 'attacking' | 'removing') => void
}

/** What the command ends with when an attack could not be brought to its end, though none was successful. */
const INCOMPLETE = 4

/** Resolves with the exit code: 0 when all that ran held, 8 on a finding, 4 when an attack broke. */
export async function attackDeployment(options: AttackOptions, deps: AttackDeps): Promise<number> {
  const { attacks = ATTACKS } = deps
  const chosen = chosenOf(attacks, options.only)
  const url = targetOf(options.url, deps.config)
  const { signal, release } = interruption()
  try {
    await refuseDeaf(url, signal)
    const { report, outcomes } = await attacked(chosen, { url, options, deps, signal })
    if (options.json === true) printResult(report, { json: true })
    else process.stdout.write(`${tableOf(report)}\n`)
    if (report.found > 0) return printFinding('attack_succeeded', summaryOf(report))
    return outcomes.some(({ isBroken }) => isBroken) ? INCOMPLETE : 0
  } catch (error) {
    if (signal.aborted) throw fault('cancelled', { because: error })
    throw error
  } finally {
    release()
  }
}

export interface Attempt {
  readonly url: URL
  /** What requests carry as Host; the address's own by default. */
  readonly host?: string | undefined
  readonly options: AttackOptions
  readonly deps: AttackDeps
  readonly signal: AbortSignal
}

interface Attacked {
  readonly report: Report
  readonly outcomes: readonly Outcome[]
}

/** Makes the ground, runs the attacks, removes the ground. */
export async function attacked(
  chosen: readonly Attack[],
  { url, host, options, deps, signal }: Attempt,
): Promise<Attacked> {
  const startedAt = new Date()
  const { keep = false } = options
  const databaseUrl = options.databaseUrl ?? ownDatabase(options, deps.config)
  const login = databaseUrl === undefined ? undefined : await openDatabaseGround(databaseUrl, deps.config)
  const operator = await deps.openOperator()
  const { pauseMs, told = TERMINAL } = deps
  const { say } = told
  try {
    const opening = { url, host, operator, database: login?.database, keep, signal, pauseMs, say }
    const { ground, close } = await openGround({ ...opening, onTenant: told.tenant })
    try {
      told.stage?.('attacking')
      const outcomes = await runAttacks(chosen, ground, told.outcome)
      told.stage?.('removing')
      return { outcomes, report: reportOf({ url, startedAt, outcomes, requests: ground.wire.sent() }) }
    } finally {
      await close()
    }
  } catch (error) {
    if (signal.aborted || login === undefined) throw error
    const outcomes = await runOnDatabase(
      chosen,
      login.database,
      `no tenant to try it on: ${asFault(error).say}`,
    )
    if (!outcomes.some(({ verdict }) => verdict === 'found')) throw error
    return { outcomes, report: reportOf({ url, startedAt, outcomes, requests: 0 }) }
  } finally {
    await operator.close()
    await login?.close()
  }
}

function onStandardError(line: string): void {
  process.stderr.write(`${line}\n`)
}

const TERMINAL: Told = {
  say: onStandardError,
  outcome: ({ id, verdict, ms }) => onStandardError(`${id} ${verdict} (${ms} ms)`),
}

/** Of a deployment elsewhere, this machine's settings say nothing. */
function ownDatabase({ url }: AttackOptions, { database }: Config): string | undefined {
  return url === undefined && database.kind === 'server' ? database.url.reveal() : undefined
}

function chosenOf(attacks: readonly Attack[], only: string | undefined): readonly Attack[] {
  if (only === undefined) return attacks
  const ids = only.split(/[\s,]+/).filter(id => id !== '')
  const unknown = ids.filter(id => !attacks.some(attack => attack.id === id.toUpperCase()))
  if (ids.length > 0 && unknown.length === 0)
    return attacks.filter(({ id }) => ids.some(wanted => wanted.toUpperCase() === id))
  throw fault('invalid_input', {
    reason: 'bad_option',
    say: `--only takes ids of attacks, not ${unknown.join(', ') || 'nothing'}; there are ${attacks.map(({ id }) => id).join(', ')}.`,
  })
}

/** Where the public port of this configuration answers on this machine, unless another address was given. */
export function targetOf(given: string | undefined, config: Config): URL {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  const text = given ?? `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url
  throw fault('invalid_input', {
    reason: 'bad_option',
    say: '--url must be the http(s) address of a Gatehouse.',
  })
}

/** Told before a tenant is made. */
export async function refuseDeaf(url: URL, signal: AbortSignal, host = url.host): Promise<void> {
  const headers = [
    ['host', host],
    ['connection', 'close'],
  ] as const
  const answer = await rawRequest({ url: new URL('/livez', url), method: 'GET', headers, signal }).catch(
    (error: unknown) => asFault(error),
  )
  if ('status' in answer && answer.status === 200) return
  const why = 'status' in answer ? `answers ${answer.status} at /livez` : 'does not answer'
  throw fault('unavailable', {
    reason: 'not_answering',
    say: `${url.origin} ${why}: start the server first (gatehouse serve), or name its address with --url.`,
  })
}
