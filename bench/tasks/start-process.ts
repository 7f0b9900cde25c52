// Starts processes of ours: a server, which stays, and commands, which end.
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url))

export interface RunningServer {
  readonly pid: string
  stop(): Promise<void>
}

/** Resolves when it serves. `profiling`: options of Node. */
export async function startServer(
  env: NodeJS.ProcessEnv,
  profiling: readonly string[],
): Promise<RunningServer> {
  const child = spawn(process.execPath, [...profiling, SERVER], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const closed = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGTERM')
    await closed
  }
  try {
    await standing(child)
  } catch (error) {
    await stop()
    throw error
  }
  child.stderr.on('data', (text: string) => void process.stderr.write(text))
  return { pid: String(child.pid), stop }
}

async function standing(child: ChildProcess): Promise<void> {
  let said = ''
  let complained = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void (said += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (complained += text))
  for (const end = Date.now() + 120_000; !said.includes('Stop: Ctrl-C.'); await wait(50)) {
    if (child.exitCode !== null || Date.now() > end)
      throw new Error(`the server does not stand:\n${complained}`)
  }
}

/** What a command prints; throws when it fails. */
export async function outputOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
  const code = await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`gatehouse ${args.join(' ')} ended with ${String(code)}`)
  return said
}

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
