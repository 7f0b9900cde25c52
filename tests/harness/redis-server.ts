// A Redis of the test's own: a real redis-server out of the tests' tree, on loopback, that keeps nothing on disk.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { isBuilt, spawnInTree } from '../../scripts/foreign-tree.ts'
import { freePort } from '../acceptance/server-process.ts'

export interface TestRedis {
  readonly url: string
  /** Starts it, empty, on the port it had. */
  start(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** It is there and answers nobody. */
  freeze(): void
  thaw(): void
}

/** Why there is none; undefined when there is one. */
export function noRedis(): string | undefined {
  return isBuilt(18) ? undefined : 'no redis-server: `npm run postgres` builds one as root on Debian'
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  let server: ChildProcess | undefined
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: '/tmp' }
      const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
      server = spawnInTree('redis-server', args, { user: 'redis', stdio: ['ignore', 'pipe', 'ignore'] })
      for await (const piece of server.stdout?.setEncoding('utf8') ?? [])
        if (String(piece).includes('Ready to accept connections')) break
    },
    async kill() {
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
    },
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
  }
  await redis.start()
  return redis
}
