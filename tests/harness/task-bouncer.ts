// PgBouncer in transaction mode between the processes of a fleet and their server, out of the tests' tree. What is sent to
// LISTEN through it reaches nobody, so a fleet that listens there has no hints.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isBuilt, spawnInTree, treeRoot } from '../../scripts/foreign-tree.ts'
import { freePort } from './task-fleet.ts'

type Env = Readonly<Record<string, string>>

export interface Bouncer {
  /** For processes that reach the database through it, and hear what is notified or do not. */
  env(hears: 'hints' | 'nothing'): Env
  close(): Promise<void>
}

/** Why there is none; undefined when there is one. */
export function noBouncer(): string | undefined {
  return isBuilt(18) ? undefined : 'no pgbouncer: `npm run postgres` builds one as root on Debian'
}

/** `env` is that of processes without it. */
export async function startBouncer(env: Env): Promise<Bouncer> {
  const direct = new URL(env['DATABASE_URL'] ?? '')
  const worker = new URL(env['DATABASE_WORKER_URL'] ?? '')
  const port = await freePort()
  const name = `gatehouse-bouncer-${port}`
  const at = (file: string): string => join(treeRoot(18), 'tmp', file)
  const users = [direct, worker].map(
    ({ username, password }) => `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"`,
  )
  await writeFile(at(`${name}.txt`), `${users.join('\n')}\n`, { mode: 0o644 })
  await writeFile(at(`${name}.ini`), settings({ server: direct, port, users: `/tmp/${name}.txt` }), {
    mode: 0o644,
  })
  const bouncer = spawnInTree('/usr/sbin/pgbouncer', [`/tmp/${name}.ini`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await standing(bouncer)
  const through = (url: URL): string => Object.assign(new URL(url), { port: String(port) }).href
  return {
    env: hears => ({
      DATABASE_URL: through(direct),
      DATABASE_WORKER_URL: through(worker),
      DATABASE_OWNER_URL: '',
      DATABASE_DIRECT_URL: hears === 'hints' ? direct.href : through(direct),
    }),
    async close() {
      const ended = once(bouncer, 'exit')
      bouncer.kill('SIGKILL')
      await ended
      await Promise.all([rm(at(`${name}.txt`)), rm(at(`${name}.ini`))])
    },
  }
}

interface Settings {
  readonly server: URL
  readonly port: number
  readonly users: string
}

function settings({ server, port, users }: Settings): string {
  return `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`
}

/** Resolves once it takes connections; throws what it said when it ends instead. */
function standing(bouncer: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  bouncer.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.includes('process up')) resolve()
  })
  bouncer.once('exit', code => reject(new Error(`pgbouncer ended with ${String(code)}:\n${said}`)))
  return promise
}
