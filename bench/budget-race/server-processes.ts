// Real server processes on one database, with a tenant whose documents can be asked about.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface ServerProcesses {
  readonly urls: readonly string[]
  /** A new tenant with one document; its id and a token of a user of it. */
  createTenant(slug: string): Promise<{ readonly id: string; readonly token: string }>
  stop(): Promise<void>
}

type Env = Readonly<Record<string, string>>

/** `settings` for each of them: the database, the model. */
export async function startProcesses(count: number, settings: Env): Promise<ServerProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'))
  const ports = await Promise.all(Array.from({ length: count }, freePort))
  const urls = ports.map(port => `http://127.0.0.1:${port}`)
  const envOf = (port: number): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    GATEHOUSE_DATA_DIR: join(folder, String(port)),
    GATEHOUSE_PORT: String(port),
    // One address in front of all, which tokens are for.
    GATEHOUSE_PUBLIC_URL: urls[0],
    GATEHOUSE_SAMPLES: 'off',
    GATEHOUSE_RATE_PER_SECOND: '1000000',
    GATEHOUSE_RATE_BURST: '1000000',
    GATEHOUSE_CONCURRENT_PER_ADDRESS: '10000',
    GATEHOUSE_CONCURRENT_PER_TENANT: '10000',
    LOG_LEVEL: 'warn',
    ...settings,
  })
  const children: ChildProcess[] = []
  for (const port of ports) {
    await mkdir(join(folder, String(port)))
    const child = spawn(process.execPath, [MAIN, 'serve'], {
      env: envOf(port),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    await standing(child)
  }
  const command = (...args: string[]) => answerOf([...args, '--json'], envOf(ports[0] ?? 0))
  return {
    urls,
    async createTenant(slug) {
      const { id } = await command('tenant', 'create', slug)
      const { token } = await command('token', 'create', '--tenant', slug, '--user', 'ada')
      await addDocument(urls[0] ?? '', String(token))
      return { id: String(id), token: String(token) }
    },
    async stop() {
      await Promise.all(
        children.map(async child => {
          const ended = new Promise(resolve => child.once('close', resolve))
          child.kill('SIGTERM')
          await ended
        }),
      )
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function addDocument(url: string, token: string): Promise<void> {
  const args = { title: 'Harbour rules', content: 'Boats wait outside the harbour.' }
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'add_document', arguments: args },
    }),
  })
  if (!response.ok) throw new Error(`add_document: ${response.status} ${await response.text()}`)
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

async function answerOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text))
  await new Promise(resolve => child.once('close', resolve))
  return JSON.parse(said) as Record<string, unknown>
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
