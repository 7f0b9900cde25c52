// The cache of answers: whose they are, and that none outlives what it was found in, whichever process keeps it.
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { withdrawDocument } from '../../src/features/documents/versions/withdraw-document.ts'
import { hideVersion } from '../../src/features/documents/versions/stage-chunks.ts'
import { indexVersion } from '../../src/features/retrieval/results/index-version.ts'
import { searchCache } from '../../src/features/retrieval/results/search-cache.ts'
import { ALL_DOCUMENTS, hashOf, type SearchKey } from '../../src/features/retrieval/results/search-key.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { eraseTenant } from '../../src/features/tenants/erase/erase-tenant.ts'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import type { Cache } from '../../src/platform/cache/cache.ts'
import { memoryCache } from '../../src/platform/cache/memory-cache.ts'
import type { Statement, Writer } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishIn, publishText } from '../harness/publish.ts'

let db: TestDatabase
let a: string
let b: string
let now = 0
let exchanges = 0
beforeAll(async () => {
  db = await openTestDatabase()
  b = await db.createTenant()
  await add('Of B', b)
})
afterAll(() => db.close())
beforeEach(async () => {
  a = await db.createTenant()
  now = 0
})

const memory = () => memoryCache({ maxBytes: 1_000_000, maxEntries: 400, now: () => now })
const scopeOf = (tenantId: string) => ({ tenantId, subject: 'tester' })
const callOf = (tenantId: string, signal = new AbortController().signal) => ({
  principal: { realm: 'tenant', ...scopeOf(tenantId), scopes: new Set() } as unknown as TenantPrincipal,
  signal,
  readBatch: <const Rows extends readonly unknown[]>(
    statements: {
      readonly [K in keyof Rows]: Statement<Rows[K]>
    },
  ) => {
    exchanges++
    return db.database.readBatchAs({ ...scopeOf(tenantId), signal }, statements)
  },
})
const key: SearchKey = {
  operation: 'hybrid_search',
  model: 1,
  weights: { bm25: 0.5, vector: 0.5 },
  limit: 10,
  conditions: null,
  query: 'boats',
  cleaned: false,
}

/** A process that searches: its own cache, and how often it had to ask the database for the answer. */
function processWith(cache: Cache = memory()) {
  const process = {
    found: 0,
    isOpen: true,
    more: {} as { degraded?: string },
    cached: searchCache({ cache }),
    search: (tenantId: string, asked: Partial<SearchKey> = {}, call = callOf(tenantId)) =>
      process.cached(call, { ...key, ...asked }, () => process.find(call, tenantId)),
    async find(call: ReturnType<typeof callOf>, tenantId: string) {
      process.found++
      const [rows, [at]] = await call.readBatch([
        sql<{ title: string }>`select title from app.document where tenant_id = ${tenantId} order by title`,
        indexVersion(tenantId),
      ])
      const answer = { hits: rows, query: key.query, ...process.more } as unknown as SearchAnswer
      return { answer, version: at!.version, isOpen: process.isOpen }
    },
  }
  return process
}
const titles = ({ hits }: SearchAnswer) => hits.map(({ title }) => title)
const add = (title: string, tenantId = a, more: object = {}) =>
  publishText(db.database, tenantId, { title, content: `${title} of the harbour.`, ...more })
const write = <T>(fn: (tx: Writer) => Promise<T>, tenantId = a) => db.database.writeAs(scopeOf(tenantId), fn)
const versionOf = async (tenantId: string): Promise<number> => {
  const [[row]] = await db.database.readBatchAs(scopeOf(tenantId), [indexVersion(tenantId)])
  return Number(row!.version)
}

describe('a search that was asked before', () => {
  test('costs one exchange, and a first one none beside its own', async () => {
    await add('One')
    const process = processWith()
    exchanges = 0
    expect(titles(await process.search(a))).toEqual(['One'])
    expect(exchanges).toBe(1)
    expect(titles(await process.search(a))).toEqual(['One'])
    expect([exchanges, process.found]).toEqual([2, 1])
  })

  test('is searched anew after thirty seconds', async () => {
    const process = processWith()
    await process.search(a)
    now = 29_999
    await process.search(a)
    expect(process.found).toBe(1)
    now = 30_000
    await process.search(a)
    expect(process.found).toBe(2)
  })

  test('is another one when any part of it differs', async () => {
    const process = processWith()
    const others: Partial<SearchKey>[] = [
      {},
      { operation: 'search_documents' },
      { model: 2 },
      { model: null },
      { weights: { bm25: 0.25, vector: 0.75 } },
      { limit: 11 },
      { conditions: '[]' },
      { query: 'boats ' },
      { cleaned: true },
    ]
    for (const other of others) await process.search(a, other)
    expect(process.found).toBe(others.length)
    expect(new Set(others.map(other => hashOf(a, ALL_DOCUMENTS, { ...key, ...other }))).size).toBe(
      others.length,
    )
  })

  test('whose answer lacked a branch is not kept', async () => {
    const process = processWith()
    process.more = { degraded: 'The query could not be embedded in time: ranked by words only.' }
    await process.search(a)
    process.more = {}
    expect(await process.search(a)).not.toHaveProperty('degraded')
    expect(process.found).toBe(2)
  })

  test('gives each caller a copy of its own', async () => {
    await add('One')
    const process = processWith()
    const answers = await Promise.all([process.search(a), process.search(a)])
    answers.push(await process.search(a))
    expect(process.found).toBe(1)
    for (const answer of answers) {
      expect(titles(answer)).toEqual(['One'])
      answer.hits.length = 0
    }
    expect(titles(await process.search(a))).toEqual(['One'])
  })
})

describe('nobody gets what is not theirs any more', () => {
  test('RL27 two tenants that ask the same are answered each from its own documents', async () => {
    await add('Of A')
    const process = processWith()
    const all = await Promise.all([a, b, a, b].map(tenant => process.search(tenant)))
    expect(all.map(titles)).toEqual([['Of A'], ['Of B'], ['Of A'], ['Of B']])
    expect(process.found).toBe(2)
    expect(await Promise.all([a, b].map(async tenant => titles(await process.search(tenant))))).toEqual([
      ['Of A'],
      ['Of B'],
    ])
    expect(hashOf(a, ALL_DOCUMENTS, key)).not.toBe(hashOf(b, ALL_DOCUMENTS, key))
  })

  test("RL27 even a cache that mixes up tenants and keys serves nobody another's answer", async () => {
    await add('Of A')
    let only: Uint8Array | undefined
    const process = processWith({
      get: () => Promise.resolve(only),
      set: (_tenant, _key, value) => Promise.resolve(void (only = value)),
      forget: () => Promise.resolve(),
    })
    expect(titles(await process.search(a))).toEqual(['Of A'])
    expect(titles(await process.search(b))).toEqual(['Of B'])
    expect(titles(await process.search(a))).toEqual(['Of A'])
    await process.search(a, { limit: 1 })
    expect(process.found).toBe(4)
    await process.search(a, { limit: 1 })
    expect(process.found).toBe(4)
    only = Buffer.from('{"hits":[]}')
    expect(titles(await process.search(a))).toEqual(['Of A'])
  })

  test('what is deleted is gone at the next query of every process', async () => {
    const documentId = await add('Gone soon')
    await add('Stays')
    const processes = [processWith(), processWith()]
    for (const process of processes) expect(titles(await process.search(a))).toEqual(['Gone soon', 'Stays'])
    await write(tx => withdrawDocument(tx, { tenant_id: a, document_id: documentId }))
    for (const process of processes) expect(titles(await process.search(a))).toEqual(['Stays'])
  })

  test('also where an equal search is under way that has looked before', async () => {
    const documentId = await add('Gone soon')
    const process = processWith()
    const slow = Promise.withResolvers<void>()
    const looked = Promise.withResolvers<void>()
    const call = callOf(a)
    const before = process.cached(call, key, async () => {
      const found = await process.find(call, a)
      looked.resolve()
      await slow.promise
      return found
    })
    await looked.promise
    const beside = process.search(a)
    expect(process.found).toBe(1)
    await write(tx => withdrawDocument(tx, { tenant_id: a, document_id: documentId }))
    const after = process.search(a)
    setTimeout(slow.resolve, 200)
    expect(titles(await before)).toEqual(['Gone soon'])
    await beside
    expect(titles(await after)).toEqual([])
    expect(titles(await process.search(a))).toEqual([])
  })

  test('a tenant that is being removed is not served from a cache', async () => {
    await add('One')
    const [untouched, process] = [await db.createTenant(), processWith()]
    await process.search(a)
    await process.search(untouched)
    await db.database.system('manage_tenants', tx =>
      tx.run(sql`update app.tenant set status = 'removing' where id in (${a}, ${untouched})`),
    )
    await expect(process.search(a)).rejects.toThrow('tenant_inactive')
    await expect(process.search(untouched)).rejects.toThrow('tenant_inactive')
    expect(await eraseTenant(db.owner, a)).toBe(true)
    expect(await db.asAdmin('select from app.index_version where tenant_id = $1', [a])).toEqual([])
  })
})

describe('a search beside an equal one', () => {
  test('goes on by itself when the other one fails', async () => {
    const process = processWith()
    const failing = process.cached(callOf(a), key, () => Promise.reject(new Error('gone')))
    const beside = process.search(a)
    await expect(failing).rejects.toThrow('gone')
    expect(titles(await beside)).toEqual([])
    expect(process.found).toBe(1)
  })

  test('whose own caller goes away is cancelled, and the other one is not', async () => {
    const process = processWith()
    const gone = new AbortController()
    const first = process.search(a)
    const second = process.search(a, {}, callOf(a, gone.signal))
    gone.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(titles(await first)).toEqual([])
  })

  test('a cache that is away makes no search fail', async () => {
    const away = () => Promise.reject(new Error('away'))
    const process = processWith({ get: away, set: away, forget: away })
    expect(titles(await process.search(a))).toEqual([])
  })
})

describe('the index version', () => {
  const draft = { title: 'Boats', content: 'Boats wait.', externalId: 'boats' }

  test.each<[change: string, fn: (tx: Writer, documentId: string) => Promise<unknown>]>([
    ['a new document', tx => publishIn(tx, a, { title: 'Other', content: 'Other.' })],
    ['another text', (tx, id) => publishIn(tx, a, { ...draft, content: 'Boats leave.' }, id)],
    ['another title', (tx, id) => publishIn(tx, a, { ...draft, title: 'Ships' }, id)],
    ['other labels', (tx, id) => publishIn(tx, a, { ...draft, fields: { labels: ['x'] } }, id)],
    ['other metadata', (tx, id) => publishIn(tx, a, { ...draft, fields: { metadata: { x: 1 } } }, id)],
    ['another collection', (tx, id) => publishIn(tx, a, { ...draft, fields: { collection: 'x' } }, id)],
    ['another language', (tx, id) => publishIn(tx, a, { ...draft, language: 'german' }, id)],
    ['a document that goes', (tx, id) => withdrawDocument(tx, { tenant_id: a, document_id: id })],
  ])('rises with %s, in the same transaction, for its tenant alone', async (_, change) => {
    const documentId = await add('x', a, draft)
    const [before, ofOther] = [await versionOf(a), await versionOf(b)]
    await expect(
      write(async tx => {
        await change(tx, documentId)
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(await versionOf(a)).toBe(before)
    await write(tx => change(tx, documentId))
    expect(await versionOf(a)).toBeGreaterThan(before)
    expect(await versionOf(b)).toBe(ofOther)
  })

  test('stays where nothing that a search can find has changed: the same text again, its vectors, a hidden version', async () => {
    const documentId = await add('x', a, draft)
    const before = await versionOf(a)
    await write(tx => publishIn(tx, a, draft, documentId))
    await embedAll(db.database, a)
    await write(tx => hideVersion(tx, { tenant_id: a, version_id: documentId }))
    expect(await versionOf(a)).toBe(before)
  })

  test("is neither seen nor raised by another tenant, and nobody's without a seal", async () => {
    await add('One')
    const version = await versionOf(a)
    const asB = (tx: Writer) => tx.run(sql`update app.index_version set version = 99 where tenant_id = ${a}`)
    expect(await write(asB, b)).toBe(0)
    expect(await db.database.readBatchAs(scopeOf(b), [indexVersion(a)])).toEqual([[]])
    expect(await versionOf(a)).toBe(version)
  })

  test.runIf(inject('engine') === 'postgres')(
    'is raised at the commit: a transaction that is at work keeps no other one of its tenant waiting',
    async () => {
      const inserted = Promise.withResolvers<void>()
      const commit = Promise.withResolvers<void>()
      const working = write(async tx => {
        await tx.run(sql`
          insert into app.document (tenant_id, id, title, format, file_type, language, current_version, current_version_id)
          values (${a}, ${a}, 'slow', 'text', 'text', 'english', 1, ${a})`)
        inserted.resolve()
        await commit.promise
      })
      await inserted.promise
      const process = processWith()
      await add('Quick')
      expect(titles(await process.search(a))).toEqual(['Quick'])
      commit.resolve()
      await working
      expect(titles(await process.search(a))).toEqual(['Quick', 'slow'])
    },
  )
})
