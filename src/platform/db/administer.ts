// What an administrator does to the database before a server starts, or while none runs: make it, migrate it up,
// take migrations back.
import type { Config, Secret, ServerDatabase } from '../config.ts'
import { fault } from '../faults.ts'
import type { OwnerDatabase } from './database.ts'
import { pgEngine } from './engine/pg-engine.ts'
import { openOwner, reach } from './open-database.ts'
import { initDatabase, type Group, type Login } from './schema/init-database.ts'
import { migrateDown, migrateUp } from './schema/migrate.ts'
import { publishSealKeys, type SealKeyRing } from './seal-keys.ts'

type Progress = (line: string) => void

/** Migrates up and makes the database accept exactly the seal keys that this configuration names. */
export async function bringUpAlone(config: Config, progress: Progress): Promise<void> {
  await withOwner(config, async (owner, seals) => {
    await migrateUp(owner, ({ name }) => progress(`migrated ${name}`))
    await publishSealKeys(owner, seals.all(), 'replace')
    progress('the schema is current')
  })
}

/** Takes back the newest `steps` migrations, and what they hold. */
export async function bringDown(config: Config, steps: number, progress: Progress): Promise<void> {
  if (!Number.isInteger(steps) || steps < 1) {
    throw fault('invalid_input', { say: '--down takes a whole number of migrations, at least 1.' })
  }
  await withOwner(config, owner => migrateDown(owner, steps, ({ name }) => progress(`took back ${name}`)))
}

/** Roles, extension and schemas on a server, with logins of the names and passwords that the URLs carry. */
export async function initServerDatabase(config: Config, progress: Progress): Promise<void> {
  const { database } = config
  if (database.kind === 'embedded' || database.adminUrl === undefined) {
    throw fault('invalid_input', {
      say: 'init-database needs DATABASE_ADMIN_URL (an administrator of the database Gatehouse will use) and DATABASE_URL; the embedded database makes itself.',
    })
  }
  const engine = await reach(
    'DATABASE_ADMIN_URL',
    database.adminUrl,
    pgEngine({ ...ADMIN, url: database.adminUrl.reveal() }),
  )
  try {
    const logins = loginsOf(database)
    await initDatabase(engine, logins)
    progress(`ready: ${logins.map(({ user, group }) => `${user} (${group})`).join(', ')}`)
  } finally {
    await engine.close()
  }
}

const ADMIN = { poolSize: 1, pooled: false, applicationName: 'gatehouse-init', onIdleError: () => undefined }

function loginsOf(database: ServerDatabase): Login[] {
  const urls: [Group, Secret | undefined][] = [
    ['gatehouse_app', database.url],
    ['gatehouse_owner', database.ownerUrl],
    ['gatehouse_worker', database.workerUrl],
  ]
  const logins = urls.flatMap(([group, url]) =>
    url === undefined ? [] : [loginOf(group, new URL(url.reveal()))],
  )
  const users = logins.map(login => login.user)
  if (new Set(users).size < users.length || users.includes('')) {
    throw fault('invalid_input', {
      say: 'DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL must each name a user of their own.',
    })
  }
  return logins
}

function loginOf(group: Group, { username, password }: URL): Login {
  return {
    group,
    user: decodeURIComponent(username),
    password: password === '' ? undefined : decodeURIComponent(password),
  }
}

async function withOwner(
  config: Config,
  fn: (owner: OwnerDatabase, seals: SealKeyRing) => Promise<void>,
): Promise<void> {
  const { owner, seals, close } = await openOwner(config)
  try {
    await fn(owner, seals)
  } finally {
    await close()
  }
}
