// Once for all test files: a migrated template of each engine, from which every file gets a database of its own.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { newSealKey, publishSealKeys } from '../../src/platform/db/seal-keys.ts'
import { pgliteEngine } from '../../src/platform/db/engine/pglite-engine.ts'
import { ownerDatabase } from '../../src/platform/db/owner-database.ts'
import { initDatabase } from '../../src/platform/db/schema/init-database.ts'
import { migrateUp } from '../../src/platform/db/schema/migrate.ts'
import { adminEngine, TEST_LOGINS, serverEngine, type TestTemplate } from './engines.ts'

declare module 'vitest' {
  interface ProvidedContext {
    template: TestTemplate
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-tests-'))
  const sealKey = newSealKey()
  const snapshot = join(folder, 'pglite.tar')
  await writeFile(snapshot, await pgliteTemplate(sealKey))
  const adminUrl = process.env['GATEHOUSE_TEST_ADMIN_URL']
  const database = adminUrl === undefined ? undefined : await serverTemplate(adminUrl, sealKey)
  project.provide('template', {
    snapshot,
    sealKey: { id: sealKey.id, secret: sealKey.secret.toString('hex') },
    ...(adminUrl === undefined || database === undefined ? {} : { adminUrl, database }),
  })
  return async () => {
    await rm(folder, { recursive: true, force: true })
    if (adminUrl !== undefined && database !== undefined) await dropDatabase(adminUrl, database)
  }
}

async function pgliteTemplate(sealKey: ReturnType<typeof newSealKey>): Promise<Uint8Array> {
  const engine = await pgliteEngine({ folder: undefined, snapshot: undefined })
  await initDatabase(engine, [])
  const owner = ownerDatabase({ engine, sealKey: () => sealKey, role: 'gatehouse_owner' })
  await migrateUp(owner)
  await publishSealKeys(owner, [sealKey], 'replace')
  const dumped = await engine.dump()
  await engine.close()
  return dumped
}

async function serverTemplate(adminUrl: string, sealKey: ReturnType<typeof newSealKey>): Promise<string> {
  const name = `gatehouse_template_${randomBytes(4).toString('hex')}`
  const admin = adminEngine(adminUrl)
  const session = await admin.acquire()
  await session.script(`create database ${name}`)
  session.release()
  await admin.close()

  const inside = adminEngine(adminUrl, name)
  await initDatabase(inside, TEST_LOGINS)
  await inside.close()
  const engine = serverEngine(adminUrl, name, 'gatehouse_owner')
  const owner = ownerDatabase({ engine, sealKey: () => sealKey, role: 'gatehouse_owner' })
  await migrateUp(owner)
  await publishSealKeys(owner, [sealKey], 'replace')
  await engine.close()
  return name
}

async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  const admin = adminEngine(adminUrl)
  const session = await admin.acquire()
  await session.script(`drop database if exists ${name} with (force)`)
  session.release()
  await admin.close()
}
