// The product as a user meets it: real processes of src/main.ts on a data folder and a port of their own, its command
// line, and plain HTTP to /mcp. Nothing here knows the code; on the server engine the harness lends a database.
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inject, vi } from 'vitest'
import { openTestDatabase } from '../harness/database.ts'

// A process starts in a second or two; on a machine that is busy with the other test files, in many.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
export const ENGINE = inject('engine')
const COMPILE_CACHE = join(tmpdir(), 'gatehouse-tests-compile-cache')

export type Env = Readonly<Record<string, string>>

export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningProcess {
  readonly pid: number
  stdout(): string
  stderr(): string
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<Finished>
}

export interface Deployment {
  readonly dataDir: string
  readonly port: number
  /** Of the server, without a path. */
  readonly url: string
  /** What every process of the deployment is started with. */
  readonly env: Env
  /** `serve`, once it has said how to begin. */
  start(more?: Env): Promise<RunningProcess>
  /** Any command; the input is closed. */
  spawn(args: readonly string[], more?: Env): RunningProcess
  /** A command, to its end. */
  command(...args: string[]): Promise<Finished>
  /** What a command with --json prints; throws when it fails. */
  json<T = Record<string, unknown>>(...args: string[]): Promise<T>
  /** A token of a tenant, by `token create`. */
  token(tenant: string, ...options: string[]): Promise<string>
  /** Ends what still runs and removes everything. */
  close(): Promise<void>
}

export interface DeploymentOptions {
  readonly samples?: boolean
  readonly env?: Env
}

/** A fresh deployment on the engine under test; nothing of it runs yet. */
export async function openDeployment({
  samples = false,
  env = {},
}: DeploymentOptions = {}): Promise<Deployment> {
  const database = ENGINE === 'postgres' ? await openTestDatabase() : undefined
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-acceptance-'))
  const port = await freePort()
  const processes = new Set<RunningProcess>()
  const all: Env = {
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_SAMPLES: samples ? 'on' : 'off',
    GATEHOUSE_RATE_PER_SECOND: '100000',
    GATEHOUSE_RATE_BURST: '100000',
    ...databaseEnv(database?.urls),
    ...env,
  }
  const run = (args: readonly string[], more: Env = {}): RunningProcess => {
    const process = startProcess(args, { ...all, ...more })
    processes.add(process)
    void process.ended.then(() => processes.delete(process))
    return process
  }
  const command = (...args: string[]): Promise<Finished> => run(args).ended
  const json = async <T>(...args: string[]): Promise<T> => parsed<T>(args, await command(...args, '--json'))
  return {
    dataDir,
    port,
    url: `http://127.0.0.1:${port}`,
    env: all,
    spawn: run,
    command,
    json,
    start: async more => serving(run(['serve'], more)),
    token: async (tenant, ...options) =>
      (await json<{ token: string }>('token', 'create', '--tenant', tenant, '--user', 'ada', ...options))
        .token,
    close: async () => {
      for (const process of processes) process.signal('SIGKILL')
      await Promise.all([...processes].map(({ ended }) => ended))
      await rm(dataDir, { recursive: true, force: true })
      await database?.close()
    },
  }
}

export interface ServerUrls {
  readonly app: string
  readonly owner: string
  readonly worker: string
}

export function databaseEnv(urls: ServerUrls | undefined): Env {
  if (urls === undefined) return {}
  return { DATABASE_URL: urls.app, DATABASE_OWNER_URL: urls.owner, DATABASE_WORKER_URL: urls.worker }
}

/** The environment of a process: settings of whoever runs the tests do not reach it. */
export function environment(env: Env): Env {
  const inherited = Object.entries(process.env).flatMap(([name, value = '']) =>
    /^(GATEHOUSE|DATABASE)_|^LOG_LEVEL/.test(name) ? [] : [[name, value] as const],
  )
  // Halves the CPU time of a start (0.52 s to 0.28 s): these tests make hundreds. Coverage of cached code is inexact.
  const cache = process.env['NODE_V8_COVERAGE'] === undefined ? { NODE_COMPILE_CACHE: COMPILE_CACHE } : {}
  return { ...cache, ...Object.fromEntries(inherited), ...env }
}

/** Starts src/main.ts as bin/gatehouse.mjs does. */
export function startProcess(args: readonly string[], env: Env): RunningProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => void (said[name] += text))
  }
  const ended = Promise.withResolvers<Finished>()
  child.once('error', ended.reject)
  child.once('close', code => ended.resolve({ code, ...said }))
  return {
    pid: child.pid ?? 0,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    signal: name => void child.kill(name),
    ended: ended.promise,
  }
}

/** The server, once it has printed all of its welcome; throws what it said when it ends instead. */
export async function serving(server: RunningProcess): Promise<RunningProcess> {
  let end: Finished | undefined
  void server.ended.then(finished => (end = finished))
  await until(
    () => end !== undefined || server.stdout().includes('Stop: Ctrl-C.'),
    'the server stands',
    60_000,
  )
  if (end !== undefined) throw new Error(`the server ended with ${String(end.code)}:\n${end.stderr}`)
  return server
}

/** Stops a server as its operator does, and answers how it ended. */
export function stop(server: RunningProcess): Promise<Finished> {
  server.signal('SIGTERM')
  return server.ended
}

/** Waits for something that has to come true by itself. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 20_000,
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isTrue()); await sleep(20)) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
  }
}

export interface Failure {
  readonly exit: number | null
  readonly stdout: string
  readonly error: { readonly code: string; readonly message: string; readonly reason?: string }
}

/** How a command failed: a sentence for people, then one JSON line, both on standard error. */
export function failureOf({ code, stdout, stderr }: Finished): Failure {
  const lines = stderr.trimEnd().split('\n')
  const { error } = JSON.parse(lines.at(-1) ?? '') as { error: Failure['error'] }
  if (!stderr.includes(`gatehouse: ${error.message}\n`))
    throw new Error(`no sentence for people in:\n${stderr}`)
  return { exit: code, stdout, error }
}

function parsed<T>(args: readonly string[], { code, stdout, stderr }: Finished): T {
  if (code !== 0) throw new Error(`gatehouse ${args.join(' ')} ended with ${String(code)}:\n${stderr}`)
  return JSON.parse(stdout) as T
}

/** Below the range from which the system takes the ports of outgoing connections: nothing else turns up on it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (await canListen(port)) return port
  }
}

export function canListen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

export interface FreshDatabase {
  readonly name: string
  /** Logins that `init-database` has yet to make. */
  readonly urls: ServerUrls
  readonly adminUrl: string
  drop(): Promise<void>
}

/** An empty database of the server under test, as an administrator hands it over: no roles, no schema. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { adminUrl } = inject('template')
  if (adminUrl === undefined) throw new Error('there is no server under test')
  const lender = await openTestDatabase()
  // Names of their own: `init-database` alters its logins, and two runs must not meet on one.
  const name = `gatehouse_fresh_${randomBytes(5).toString('hex')}`
  await lender.asAdmin(`create database ${name}`)
  const at = (user?: string): string => {
    const url = new URL(adminUrl)
    url.pathname = `/${name}`
    if (user !== undefined) [url.username, url.password] = [`${name}_${user}`, 'for-tests-on-loopback']
    return url.href
  }
  const users = ['app', 'owner', 'worker'] as const
  return {
    name,
    adminUrl: at(),
    urls: { app: at('app'), owner: at('owner'), worker: at('worker') },
    drop: async () => {
      await lender.asAdmin(`drop database if exists ${name} with (force)`)
      for (const user of users) await lender.asAdmin(`drop role if exists ${name}_${user}`)
      await lender.close()
    },
  }
}
