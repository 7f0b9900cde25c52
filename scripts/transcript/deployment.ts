// A Gatehouse in a folder of its own: where its checkout is, how it is started, stopped and asked.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import type { Ended, Processes, Running } from './processes.ts'

export interface Deployment {
  readonly url: string
  readonly port: number
  /** The checkout the commands run in. */
  readonly folder: string
  readonly dataDir: string
  /** Runs a command of the shell to its end, beside it: same folder, same settings but for those given. */
  run(line: string, env?: Readonly<Record<string, string>>, timeoutMs?: number): Promise<Ended>
  /** Runs `./bin/gatehouse.mjs …` against it. */
  command(args: string): Promise<Ended>
  /** Creates a token and returns it. */
  token(tenant: string, more?: string): Promise<string>
  /** Starts the server with a command of the shell and waits until it has said how to use it. */
  start(command: string, timeoutMs: number): Promise<Running>
  /** The process that serves. */
  serverPid(): number
  /** Asks the server, by its process id, to end, and waits until it has. */
  stop(): Promise<void>
  /** Kills the server's process, as kill -9 does. */
  kill(): Promise<void>
}

export interface DeploymentOptions {
  readonly processes: Processes
  readonly folder: string
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function deployment({
  processes,
  folder,
  dataDir = join(folder, '.gatehouse'),
  env = {},
}: DeploymentOptions): Promise<Deployment> {
  const port = await freePort()
  const all = { ...env, GATEHOUSE_PORT: String(port), GATEHOUSE_DATA_DIR: dataDir }
  const run: Deployment['run'] = (line, other = {}, timeoutMs = 60_000) =>
    processes.run(line, { cwd: folder, env: { ...all, ...other }, timeoutMs })
  const command = (args: string): Promise<Ended> => run(`./bin/gatehouse.mjs ${args}`)
  let server: { pid: number; running: Running } | undefined
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server === undefined) return
    const { pid, running } = server
    server = undefined
    process.kill(pid, signal)
    await running.ended(20_000)
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    folder,
    dataDir,
    run,
    command,
    async token(tenant, more = '') {
      const user = more.includes('--user ') ? '' : '--user ada'
      const made = await command(`token create --tenant ${tenant} ${user} --json ${more}`)
      return (JSON.parse(made.output) as { token: string }).token
    },
    async start(line, timeoutMs) {
      const running = processes.start(line, { cwd: folder, env: all })
      await running.seen(/Stop: Ctrl-C/, timeoutMs)
      server = { pid: await servingPid(dataDir, running.pid), running }
      return running
    },
    serverPid: () => server?.pid ?? 0,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** The embedded database's lock says which process serves; elsewhere it is the command itself. */
async function servingPid(dataDir: string, pid: number): Promise<number> {
  const lock = await readFile(join(dataDir, 'lock'), 'utf8').catch(() => undefined)
  return lock === undefined ? pid : (JSON.parse(lock) as { pid: number }).pid
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  while (!server.listening) await sleep(1)
  const address = server.address()
  await new Promise(done => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}
