// The sample documents, seeded twice, and every query that comes with them.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedTenant } from '../../src/features/documents/samples/seed-tenant.ts'
import { retrieveDocument } from '../../src/features/documents/retrieve-document.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { embedAll, orderVectors, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const SAMPLES = join(import.meta.dirname, '../../samples')
const SLUGS = ['foldwick', 'penhallow-strake', 'quillon-bay']
const operations = [retrieveDocument(), ...retrieval({ servingModel: servingModelOf() })]

let db: TestDatabase
const tenants = new Map<string, { id: string; ask: Ask }>()

async function seed(folder: string, tenantId: string) {
  const tenant = tenantDoors(db.database, { tenantId, subject: 'samples' })
  const count = await seedTenant({ folder, tenant, orderVectors })
  await embedAll(db.database, tenantId)
  return count
}

beforeAll(async () => {
  db = await openTestDatabase()
  for (const slug of SLUGS) {
    const id = await db.createTenant(slug)
    tenants.set(slug, { id, ask: callerOf(db.database, operations, id) })
    await seed(join(SAMPLES, slug), id)
  }
}, 120_000)
afterAll(() => db.close())

async function found(slug: string, operation: string, query: string): Promise<string[]> {
  const { ask } = tenants.get(slug)!
  const { hits } = await ask<SearchAnswer>(operation, { query, limit: 5 })
  return Promise.all(
    hits.map(
      async ({ doc_id }) =>
        (await ask<{ external_id: string }>('retrieve_document', { document_id: doc_id })).external_id,
    ),
  )
}

describe('seeding', () => {
  test('a second time changes nothing', async () => {
    for (const [slug, { id }] of tenants) {
      expect(await seed(join(SAMPLES, slug), id)).toMatchObject({ added: 0, replaced: 0 })
      expect(await db.database.readAs({ tenantId: id, subject: 't' }, indexFaults)).toEqual([])
    }
  })
  test('a changed document is replaced as its next version, an unreadable one is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-samples-'))
    try {
      await cp(join(SAMPLES, 'foldwick'), folder, { recursive: true })
      const id = await db.createTenant()
      const first = await seed(folder, id)
      const file = join(folder, 'security-overview.md')
      await writeFile(file, `${await readFile(file, 'utf8')}\n\nThe vexillologist signs last.\n`)
      expect(await seed(folder, id)).toEqual({ added: 0, replaced: 1, unchanged: first.added - 1 })
      const { hits } = await callerOf(
        db.database,
        operations,
        id,
      )<SearchAnswer>('search_documents', { query: 'vexillologist' })
      expect(hits).toMatchObject([{ document_version: 2 }])
      await writeFile(file, 'no front matter')
      await expect(seed(folder, id)).rejects.toMatchObject({
        say: expect.stringContaining('security-overview.md') as string,
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

const queries = JSON.parse(await readFile(join(SAMPLES, 'queries.json'), 'utf8')) as {
  tenant: string
  query: string
  expect: string[]
}[]

describe('every query of samples/queries.json', () => {
  test('finds all it expects by words, among the first five', async () => {
    const missing: string[] = []
    for (const { tenant, query, expect: expected } of queries) {
      const hits = await found(tenant, 'search_documents', query)
      missing.push(...expected.filter(one => !hits.includes(one)).map(one => `${query} → ${one}`))
    }
    expect(missing).toEqual([])
  })
  test('finds at least one it expects by words and likeness, all but one query in fifty', async () => {
    const failed: string[] = []
    for (const { tenant, query, expect: expected } of queries) {
      const hits = await found(tenant, 'hybrid_search', query)
      if (!expected.some(one => hits.includes(one))) failed.push(query)
    }
    expect(failed.length, failed.join('\n')).toBeLessThanOrEqual(queries.length / 50)
  })
  test('finds nothing of another tenant', async () => {
    for (const { tenant, query } of queries) {
      for (const hit of await found(tenant, 'hybrid_search', query))
        expect(hit.startsWith(`${tenant}/`)).toBe(true)
    }
  })
})
