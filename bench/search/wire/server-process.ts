// The real server in a process of its own, as an operator starts it, on the benchmark's database.
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { BenchDatabase } from '../ground/bench-database.ts'

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))

export interface ServerProcess {
  readonly port: number
  token(tenant: string): Promise<string>
  /** Resident memory, in MB. */
  memory(): number
  /** Processor time it has used so far, in milliseconds; undefined where /proc is not there. */
  processorMs(): number | undefined
  /** Ends it; with profiling, what it spent its time on. */
  stop(): Promise<string | undefined>
}

export interface ServerOptions {
  readonly database: BenchDatabase
  readonly embeddingUrl: string
  readonly isProfiled: boolean
  /** What this server is to be told besides, or instead. */
  readonly settings?: Readonly<Record<string, string>>
}

export async function startServer({
  database,
  embeddingUrl,
  isProfiled,
  settings = {},
}: ServerOptions): Promise<ServerProcess> {
  // The keys of the last run went with its folder; and its calls are not to weigh on this one.
  await database.asAdmin('delete from app.signing_key; truncate app.audit')
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const port = await freePort()
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GATEHOUSE_DATA_DIR: join(folder, 'data'),
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_ROLE: 'mcp',
    // The limiter works, and is out of reach.
    GATEHOUSE_RATE_PER_SECOND: '1000000',
    GATEHOUSE_RATE_BURST: '1000000',
    GATEHOUSE_CONCURRENT_PER_ADDRESS: '1000',
    GATEHOUSE_CONCURRENT_PER_TENANT: '1000',
    TEI_URL: embeddingUrl,
    LOG_LEVEL: 'warn',
    ...database.env,
    ...settings,
  }
  const profiling = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profile')}`] : []
  const child = spawn(process.execPath, [...profiling, MAIN, 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>(resolve => void child.once('close', () => resolve()))
  await standing(child)
  const pid = String(child.pid)
  return {
    port,
    token: tenant => tokenOf(tenant, env),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc(`${pid}/status`) ?? '')?.[1] ?? Number.NaN) / 1_000,
    processorMs: () => processorMsOf(pid),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      const [name] = isProfiled ? await readdir(join(folder, 'profile')) : []
      const profile = name === undefined ? undefined : await readFile(join(folder, 'profile', name), 'utf8')
      await rm(folder, { recursive: true, force: true })
      return profile
    },
  }
}

/** User and system time of a process of this machine, in milliseconds. */
export function processorMsOf(pid: string): number | undefined {
  // Fields 14 and 15 of proc(5), counted after the name in brackets; in clock ticks of 10 ms.
  const fields = proc(`${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')
  return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) * 10
}

function proc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'utf8')
  } catch {
    return undefined
  }
}

async function standing(child: ChildProcess): Promise<void> {
  let said = ''
  let complained = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void (said += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (complained += text))
  for (const end = Date.now() + 60_000; !said.includes('Stop: Ctrl-C.'); await wait(50)) {
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`the server does not stand:\n${complained}`)
  }
}

async function tokenOf(tenant: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const args = ['token', 'create', '--tenant', tenant, '--user', 'bench', '--json']
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
  await new Promise(resolve => child.once('close', resolve))
  return (JSON.parse(said) as { token: string }).token
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
