// A deployment for tests that kill its processes: the database, the world its tasks act on, a way to ask it from here that
// outlives them all, and the processes themselves.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { openGatehouse, type Gatehouse } from '../../src/gatehouse.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { siblingFile } from '../../src/platform/sibling-file.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import type { AsAdmin } from './money-books.ts'
import { startEffects, type EffectServer } from './task-effects.ts'
import { taskWorkflows } from './task-workflows.ts'

type Env = Readonly<Record<string, string>>

/** The database of a fleet, whoever lends it. */
export interface Ground {
  /** What a process is started with. */
  readonly env: Env
  readonly asAdmin: AsAdmin
  createTenant(): Promise<string>
  close(): Promise<void>
}

export interface FleetProcess {
  readonly pid: number
  /** Without a path; nothing but health answers there in a worker. */
  readonly url: string
  kill(signal: NodeJS.Signals): void
  /** The code, or null when a signal ended it. */
  readonly ended: Promise<number | null>
  isAlive(): boolean
}

export interface Who {
  readonly tenantId: string
  readonly subject?: string
  readonly tokenId?: string
}

export interface Fleet {
  readonly ground: Ground
  readonly effects: EffectServer
  /** Of this process: serves nobody and works on nothing. */
  readonly front: Gatehouse
  /** Starts a process and waits until it stands. */
  start(env?: Env): Promise<FleetProcess>
  /** Those that live. */
  processes(): readonly FleetProcess[]
  /** An operation as a user of the tenant. */
  ask<Answer>(who: Who, operation: string, input: unknown): Promise<Answer>
  /** Ends all processes. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openFleet(ground: Ground): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-fleet-'))
  const effects = await startEffects()
  const shared: Env = {
    GATEHOUSE_SAMPLES: 'off',
    GATEHOUSE_PUBLIC_URL: 'http://127.0.0.1:8080',
    GATEHOUSE_RATE_PER_SECOND: '100000',
    GATEHOUSE_RATE_BURST: '100000',
    GATEHOUSE_CONCURRENT_PER_ADDRESS: '5000',
    GATEHOUSE_CONCURRENT_PER_TENANT: '5000',
    LOG_LEVEL: 'error',
    ...ground.env,
  }
  const front = await openGatehouse({
    config: loadConfig({ ...shared, GATEHOUSE_DATA_DIR: join(folder, 'front'), GATEHOUSE_ROLE: 'web' }),
    log: createLogger('silent'),
    progress: () => undefined,
    workflows: taskWorkflows(effects.url),
  })
  const started = new Set<FleetProcess>()
  const clear = async (): Promise<void> => {
    for (const process of started) process.kill('SIGKILL')
    await Promise.all([...started].map(({ ended }) => ended))
  }
  let count = 0
  return {
    ground,
    effects,
    front,
    async start(env = {}) {
      const process = await startOne({
        ...shared,
        GATEHOUSE_ROLE: 'worker',
        GATEHOUSE_DATA_DIR: join(folder, `process-${(count += 1)}`),
        TASK_EFFECTS_URL: effects.url,
        ...env,
      })
      started.add(process)
      void process.ended.then(() => started.delete(process))
      return process
    },
    processes: () => [...started],
    ask: asker(front),
    clear,
    async close() {
      effects.release()
      await clear()
      await front.close()
      await effects.close()
      await ground.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function asker(front: Gatehouse): Fleet['ask'] {
  return async <Answer>({ tenantId, subject = 'ada', tokenId }: Who, name: string, input: unknown) => {
    const operation = front.catalog.find(one => one.name === name)
    if (operation === undefined) throw new Error(`no operation ${name}`)
    const principal: TenantPrincipal = {
      realm: 'tenant',
      tenantId,
      subject,
      scopes: new Set(SCOPE_NAMES),
      tokenId: tokenId ?? `test-${subject}`,
      expiresAt: 4_102_444_800,
    }
    const context = { requestId: 'test', signal: AbortSignal.timeout(60_000) }
    return (await front.run(operation, input, principal, context)) as Answer
  }
}

async function startOne(env: Env): Promise<FleetProcess> {
  const port = await freePort()
  const script = siblingFile(import.meta.url, './task-process.ts').pathname
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:GATEHOUSE|DATABASE)_|^LOG_LEVEL/.test(name),
  )
  const child = spawn(process.execPath, [script], {
    env: {
      ...Object.fromEntries(own),
      NODE_COMPILE_CACHE: join(tmpdir(), 'gatehouse-tests-compile-cache'),
      GATEHOUSE_PORT: String(port),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  await standing(child)
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    kill: signal => void child.kill(signal),
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null,
  }
}

/** Resolves once it has said how to begin. */
function standing(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let errors = ''
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece
    // What breaks in a process is looked for where it ran.
    if (process.env['TASK_PROOF_LOG'] !== undefined) process.stderr.write(piece)
  })
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.includes('Stop: Ctrl-C.')) resolve()
  })
  child.once('close', code => reject(new Error(`a process ended with ${String(code)}:\n${text}${errors}`)))
  return promise
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Waits for what has to come true; throws when it does not. */
export async function eventually(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isTrue()); await pause(25))
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
}
