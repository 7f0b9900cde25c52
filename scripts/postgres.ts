// `npm run postgres [-- --version 17] [-- --stop]`: a real PostgreSQL for development and tests, on loopback only.
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildTree, isBuilt, runInTree, tail, treeRoot, type Version } from './foreign-tree.ts'

const PORTS: Record<Version, number> = { 18: 55518, 17: 55517 }
const DATA = '/var/lib/postgresql/gatehouse'

/**
 * Many short-lived databases and connections; memory for what the benches search. Said at every start, so that a change
 * needs no new cluster.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '/tmp',
  max_connections: '200',
  shared_buffers: '2GB',
}

/**
 * $0 is pg_ctl, $1 the settings. Of two starts at once the second finds the lock, then the server; the server itself
 * must not inherit the lock.
 */
const START = `exec 9>/tmp/start.lock; flock 9
  "$0" -D ${DATA} status >/dev/null || "$0" -D ${DATA} -l ${DATA}/log -w -t 60 -o "$1" start >/dev/null 9>&-`

/** Starts the built tree's server unless it runs already. Answers the superuser's URL when the server does. */
export async function startPostgres(version: Version): Promise<string> {
  const port = PORTS[version]
  if (!(await isRunning(version)) && (await isTaken(port)))
    throw new Error(
      `port ${port} is taken by a server that is not ours; DATABASE_ADMIN_URL can name another one`,
    )
  const settings = Object.entries({ port: String(port), ...SETTINGS }).map(
    ([name, value]) => `-c ${name}=${value}`,
  )
  try {
    await runInTree('sh', ['-c', START, pgControl(version), settings.join(' ')], { version })
  } catch (error) {
    const log = join(treeRoot(version), DATA, 'log')
    throw new Error(`PostgreSQL ${version} does not start:\n${existsSync(log) ? tail(log) : ''}`, {
      cause: error,
    })
  }
  return `postgres://postgres@127.0.0.1:${port}/postgres`
}

async function isRunning(version: Version): Promise<boolean> {
  return runInTree(pgControl(version), ['-D', DATA, 'status'], { version }).then(
    () => true,
    () => false,
  )
}

function pgControl(version: Version): string {
  return `/usr/lib/postgresql/${version}/bin/pg_ctl`
}

async function isTaken(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { version: { type: 'string' }, stop: { type: 'boolean' } } })
  const version = Number(values.version ?? 18)
  if (version !== 17 && version !== 18) throw new Error('--version is 17 or 18')
  if (values.stop === true) return stop(version)

  await buildTree(version)
  console.log(await startPostgres(version))
}

async function stop(version: Version): Promise<void> {
  const runs = isBuilt(version) && (await isRunning(version))
  if (runs) await runInTree(pgControl(version), ['-D', DATA, '-m', 'fast', '-w', 'stop'], { version })
  console.error(`PostgreSQL ${version} ${runs ? 'has stopped' : 'was not running'}`)
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(`postgres: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
