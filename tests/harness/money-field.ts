// A database of its own on a real server, migrated, with a login of its own for each role, for proofs that run outside the
// test runner. It goes when it is closed.
import { randomBytes } from 'node:crypto'
import type { Database, OwnerDatabase } from '../../src/platform/db/database.ts'
import type { Engine } from '../../src/platform/db/engine/engine.ts'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { toWire } from '../../src/platform/db/engine/value-types.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { initDatabase, type Login } from '../../src/platform/db/schema/init-database.ts'
import { migrateUp } from '../../src/platform/db/schema/migrate.ts'
import { newSealKey, publishSealKeys } from '../../src/platform/db/seal-keys.ts'
import { sealedDatabase } from '../../src/platform/db/sealed-database.ts'
import type { AsAdmin } from './money-books.ts'

export interface MoneyField {
  /** "18.6" */
  readonly version: string
  /** Pools of their own, as processes of a server have. */
  readonly databases: readonly Database[]
  readonly owner: OwnerDatabase
  readonly asAdmin: AsAdmin
  /** What a server process is started with. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Where `npm run postgres` listens. */
const TREE = 'postgres://postgres@127.0.0.1:55518/postgres'
const ROLES = ['owner', 'app', 'worker'] as const

/** `poolSize` connections in each of so many pools. Not durable: a commit does not wait for the disk. */
export async function openMoneyField(pools: number, poolSize: number, isDurable = true): Promise<MoneyField> {
  const outside = process.env['DATABASE_ADMIN_URL'] ?? TREE
  const name = `gatehouse_money_${randomBytes(4).toString('hex')}`
  const password = randomBytes(16).toString('hex')
  const at = (user?: string): string => {
    const url = new URL(outside)
    url.pathname = `/${name}`
    return Object.assign(url, user === undefined ? {} : { username: `${name}_${user}`, password }).href
  }
  const logins = ROLES.map(
    (role): Login => ({ user: `${name}_${role}`, password, group: `gatehouse_${role}` }),
  )
  const server = engineAt(outside, 2)
  await run(server, `create database ${name}`)
  // What is proved is what transactions see of each other; what a crash of the server leaves is proved elsewhere.
  if (!isDurable) await run(server, `alter database ${name} set synchronous_commit = off`)
  const admin = engineAt(at(), 4)
  await initDatabase(admin, logins)
  const owners = engineAt(at('owner'), 4)
  const key = newSealKey()
  const owner = ownerDatabase({ engine: owners, sealKey: () => key, role: 'gatehouse_owner' })
  await migrateUp(owner)
  await publishSealKeys(owner, [key], 'replace')
  const apps = Array.from({ length: pools }, () => engineAt(at('app'), poolSize))
  const [{ server_version: version = '' } = {}] = await run(server, 'show server_version')
  return {
    version: /^[\d.]+/.exec(String(version))?.[0] ?? '',
    databases: apps.map(engine => sealedDatabase({ engine, sealKey: () => key })),
    owner,
    asAdmin: (text, values) => run(admin, text, values),
    env: {
      DATABASE_URL: at('app'),
      DATABASE_OWNER_URL: at('owner'),
      DATABASE_WORKER_URL: at('worker'),
      GATEHOUSE_SEAL_KEYS: `${key.id}:${key.secret.toString('base64url')}`,
    },
    close: async () => {
      await Promise.all([...apps, owners, admin].map(engine => engine.close()))
      await run(server, `drop database if exists ${name} with (force)`)
      for (const role of ROLES) await run(server, `drop role if exists ${name}_${role}`)
      await server.close()
    },
  }
}

function engineAt(url: string, poolSize: number): Engine {
  return pgEngine({
    url,
    poolSize,
    pooled: false,
    applicationName: 'gatehouse-money',
    onIdleError: () => undefined,
  })
}

async function run(
  engine: Engine,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const session = await engine.acquire()
  try {
    const { rows } = await session.send({ text, values: values.map(toWire) })
    session.release()
    return rows
  } catch (error) {
    session.release(true)
    throw error
  }
}
