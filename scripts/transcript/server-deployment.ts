// A Gatehouse on a real PostgreSQL, in a database and with logins made for this run and dropped after it. It is opened by
// the first section that needs it; without a server those sections say NOT RUN.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import type { Engine, WireRow } from '../../src/platform/db/engine/engine.ts'
import type { Database } from '../../src/platform/db/database.ts'
import type { SealKey } from '../../src/platform/db/seal.ts'
import { sealKeysIn } from '../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import { deployment, type Deployment } from './deployment.ts'
import { NotRun, type Page } from './page.ts'
import type { Processes } from './processes.ts'
import { wireProxy, type WireProxy } from './wire-proxy.ts'

export interface OpenServer {
  readonly gatehouse: Deployment
  /** Stands between the server process and its application login. */
  readonly wire: WireProxy
  /** The commands that set it up, and what they printed. */
  readonly setUp: readonly { command: string; output: string }[]
  /** The application's login, past the door in between: sealed, and bare. */
  readonly database: Database
  readonly app: Engine
  readonly sealKey: SealKey
  readonly adminUrl: string
  readonly version: string
  asAdmin(text: string): Promise<WireRow[]>
}

export interface ServerDeployment {
  open(): Promise<OpenServer>
  close(): Promise<void>
}

export interface ServerOptions {
  readonly processes: Processes
  readonly folder: string
  readonly temporary: string
  readonly page: Page
}

/** Where `npm run postgres` listens. */
const TREE = 'postgres://postgres@127.0.0.1:55518/postgres'

export function serverDeployment(options: ServerOptions): ServerDeployment {
  const closing: (() => Promise<unknown>)[] = []
  let opened: Promise<OpenServer> | undefined
  return {
    open: () => (opened ??= open(options, closing)),
    async close() {
      await opened?.catch(() => undefined)
      for (const close of closing.toReversed()) await close()
    },
  }
}

async function open(options: ServerOptions, closing: (() => Promise<unknown>)[]): Promise<OpenServer> {
  const outside = process.env['DATABASE_ADMIN_URL'] ?? TREE
  const name = `gatehouse_transcript_${randomBytes(4).toString('hex')}`
  const version = await makeDatabase(outside, name, closing)
  const wire = await wireProxy({
    host: new URL(outside).hostname,
    port: Number(new URL(outside).port || 5432),
  })
  closing.push(() => wire.close())
  const login = (group: string, at: URL = new URL(outside)): string => {
    const url = new URL(at)
    Object.assign(url, { username: `${name}_${group}`, password: 'for-this-run', pathname: `/${name}` })
    return url.href
  }
  const throughWire = new URL(outside)
  Object.assign(throughWire, { hostname: '127.0.0.1', port: String(wire.port) })
  const adminUrl = Object.assign(new URL(outside), { pathname: `/${name}` }).href
  const dataDir = join(options.temporary, 'server')
  const env = {
    DATABASE_ADMIN_URL: adminUrl,
    DATABASE_URL: login('app', throughWire),
    DATABASE_OWNER_URL: login('owner'),
    DATABASE_WORKER_URL: login('worker'),
    LOG_LEVEL: 'warn',
  }
  nameAll(options.page, { name, wirePort: wire.port, outside })
  const gatehouse = await deployment({ ...options, dataDir, env })
  options.page.name(String(gatehouse.port), '<port>')
  const setUp = await setUpBy(gatehouse)
  await gatehouse.start('exec ./bin/gatehouse.mjs serve', 60_000)
  closing.push(() => gatehouse.stop())
  const app = engineAt(login('app'))
  const admin = engineAt(adminUrl)
  closing.push(
    () => app.close(),
    () => admin.close(),
  )
  const sealKey = (await sealKeysIn(join(dataDir, 'keys', 'seal'))).current()
  const database = sealedDatabase({ engine: app, sealKey: () => sealKey })
  const asAdmin = (text: string): Promise<WireRow[]> => statement(admin, text)
  return { gatehouse, wire, setUp, database, app, sealKey, adminUrl, version, asAdmin }
}

/** The database, and how it goes again: with its logins, which are the cluster's. */
async function makeDatabase(url: string, name: string, closing: (() => Promise<unknown>)[]): Promise<string> {
  const admin = engineAt(url)
  const [server] = await statement(admin, 'show server_version').catch(async (error: unknown) => {
    await admin.close()
    const reason = `no PostgreSQL answers at ${new URL(url).host}: npm run postgres starts one, or set DATABASE_ADMIN_URL`
    throw Object.assign(new NotRun(reason), { cause: error })
  })
  await statement(admin, `create database ${name}`)
  closing.push(async () => {
    await statement(admin, `drop database if exists ${name} with (force)`)
    for (const group of ['app', 'owner', 'worker'])
      await statement(admin, `drop role if exists ${name}_${group}`)
    await admin.close()
  })
  return String(server?.['server_version']).split(' ')[0] ?? ''
}

async function setUpBy(gatehouse: Deployment): Promise<{ command: string; output: string }[]> {
  const done: { command: string; output: string }[] = []
  for (const args of ['init-database', 'migrate']) {
    const { code, output } = await gatehouse.command(args)
    if (code !== 0) throw new Error(`gatehouse ${args} failed: ${output}`)
    done.push({ command: `./bin/gatehouse.mjs ${args}`, output })
  }
  return done
}

function nameAll(
  page: Page,
  { name, wirePort, outside }: { name: string; wirePort: number; outside: string },
): void {
  page.name(`${name}_`, 'gatehouse_')
  page.name(name, 'gatehouse')
  page.name(`127.0.0.1:${wirePort}`, 'db.example')
  page.name(new URL(outside).host, 'db.example')
}

function engineAt(url: string): Engine {
  return pgEngine({
    url,
    poolSize: 4,
    pooled: false,
    applicationName: 'gatehouse-transcript',
    onIdleError: () => undefined,
  })
}

async function statement(engine: Engine, text: string): Promise<WireRow[]> {
  const session = await engine.acquire()
  try {
    const { rows } = await session.send({ text })
    session.release()
    return rows
  } catch (error) {
    session.release(true)
    throw error
  }
}
