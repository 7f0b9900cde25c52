// Filters, where they are taken: the list and both searches. What does not meet one is not there, whatever its words;
// what a filter holds is data.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { documentOperations } from '../harness/document-operations.ts'
import { embedAll } from '../harness/publish.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

let db: TestDatabase
let ask: Ask
let askAsOther: Ask

interface Described {
  readonly title: string
  readonly labels: string[]
  readonly metadata: Record<string, unknown>
}

/** All of one word, so that every search would find all of them. */
const DOCUMENTS: Record<string, Record<string, unknown>> = {
  will: {
    labels: ['legal', 'draft'],
    collection: 'estate',
    metadata: { year: 2021, paid: true, status: 'open' },
  },
  lease: {
    labels: ['legal'],
    collection: 'property',
    metadata: { year: 2022, paid: false, status: 'closed' },
  },
  invoice: { labels: ['money'], collection: 'property', metadata: { year: 2023.5, signed: '2023-02-28' } },
  letter: { collection: 'estate', metadata: { year: -1, signed: '2023-03-01T09:00:00Z', status: 'open' } },
  note: { labels: ['draft'], format: 'markdown', metadata: { year: '2022', signed: '2024-01-15' } },
  brief: { language: 'german', metadata: { größe: 12, 'a.b-c_d': 'x', paid: 'true' } },
  plain: {},
}

beforeAll(async () => {
  db = await openTestDatabase()
  const [tenant, other] = [await db.createTenant(), await db.createTenant()]
  ask = callerOf(db.database, documentOperations, tenant)
  askAsOther = callerOf(db.database, documentOperations, other)
  for (const [title, fields] of Object.entries(DOCUMENTS))
    await ask('add_document', { title, content: 'The heron waits.', ...fields })
  await askAsOther('add_document', {
    title: 'theirs',
    content: 'The heron waits.',
    labels: ['secret', 'legal'],
    collection: 'estate',
    metadata: { year: 2021, status: 'open' },
  })
  await embedAll(db.database, tenant)
  await embedAll(db.database, other)
})
afterAll(() => db.close())

type Where = 'list_documents' | 'search_documents' | 'hybrid_search'
const EVERYWHERE: Where[] = ['list_documents', 'search_documents', 'hybrid_search']

async function titles(caller: Ask, where: Where, filter: unknown, limit = 50): Promise<string[]> {
  const query = where === 'list_documents' ? {} : { query: 'heron' }
  const answer = await caller<{ hits?: Described[]; documents?: Described[] }>(where, {
    ...query,
    limit,
    filter,
  })
  return (answer.hits ?? answer.documents ?? []).map(({ title }) => title).toSorted()
}

describe.each(EVERYWHERE)('%s', where => {
  test('without a filter everything of the tenant is there', async () => {
    expect(await titles(ask, where, {})).toEqual(Object.keys(DOCUMENTS).toSorted())
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a label', { labels: ['legal'] }, ['lease', 'will']],
    ['one of several labels', { labels: ['money', 'draft'] }, ['invoice', 'note', 'will']],
    ['a collection', { collections: ['property'] }, ['invoice', 'lease']],
    ['a language', { languages: ['german'] }, ['brief']],
    ['a type of file', { file_types: ['markdown'] }, ['note']],
    ['a text', { metadata: { status: 'open' } }, ['letter', 'will']],
    ['a number', { metadata: { year: 2022 } }, ['lease']],
    ['a text of digits is no number', { metadata: { year: '2022' } }, ['note']],
    ['true', { metadata: { paid: true } }, ['brief', 'will']],
    ['false', { metadata: { paid: false } }, ['lease']],
    [
      'one of several values of all kinds',
      { metadata: { year: { in: [2021, '2022', -1] } } },
      ['letter', 'note', 'will'],
    ],
    ['numbers from', { metadata: { year: { gte: 2022 } } }, ['invoice', 'lease']],
    ['numbers above', { metadata: { year: { gt: 2022 } } }, ['invoice']],
    ['numbers between', { metadata: { year: { gte: -1, lt: 2022 } } }, ['letter', 'will']],
    ['a range of fractions', { metadata: { year: { gt: 2023.4, lte: 2023.5 } } }, ['invoice']],
    ['dates from', { metadata: { signed: { gte: '2023-03-01' } } }, ['letter', 'note']],
    ['dates before', { metadata: { signed: { lt: '2023-03-01' } } }, ['invoice']],
    ['dates of a year', { metadata: { signed: { gte: '2023', lt: '2024' } } }, ['invoice', 'letter']],
    ['texts are no numbers in a range', { metadata: { year: { gte: '0' } } }, ['note']],
    ['a range that is empty', { metadata: { year: { gt: 5, lt: 5 } } }, []],
    ['a key with letters of any script', { metadata: { größe: 12 } }, ['brief']],
    ['a key with all it may hold', { metadata: { 'a.b-c_d': 'x' } }, ['brief']],
    ['a key nobody has', { metadata: { absent: 'x' } }, []],
    [
      'all of several',
      { labels: ['legal'], collections: ['estate'], metadata: { paid: true, year: { lt: 2022 } } },
      ['will'],
    ],
    ['two that no document meets together', { labels: ['money'], metadata: { status: 'open' } }, []],
    ['a value given twice counts once', { labels: ['legal', 'legal'] }, ['lease', 'will']],
    ['a label is no collection', { collections: ['legal'] }, []],
    ['metadata is no label', { labels: ['open'] }, []],
  ])('%s', async (_, filter, expected) => {
    expect(await titles(ask, where, filter)).toEqual(expected)
  })

  test("another tenant's labels, keys and values find nothing", async () => {
    expect(await titles(ask, where, { labels: ['secret'] })).toEqual([])
    expect(await titles(askAsOther, where, { labels: ['draft'] })).toEqual([])
    expect(await titles(askAsOther, where, { metadata: { paid: true } })).toEqual([])
    expect(await titles(askAsOther, where, { labels: ['legal'], collections: ['estate'] })).toEqual([
      'theirs',
    ])
  })
})

const AWKWARD = [
  `' or 1=1 --`,
  `"; drop table app.document; --`,
  `'); delete from app.document; --`,
  'back\\slash \\u0041 \\n',
  'a literal \\u0000 and \\ud800',
  '{"key": "label"}',
  '["legal"]',
  '%_*?',
  '$1 :tenant_id',
  'Ünïcödé 日本 👍🏽',
  'e\u0301',
  ' spaces ',
  'legal\u200b',
  'constructor',
  'null',
]

describe('IN02 keys and values are data', () => {
  let odd: Ask
  let oddTenant: string
  beforeAll(async () => {
    oddTenant = await db.createTenant()
    odd = callerOf(db.database, documentOperations, oddTenant)
    for (const [at, value] of AWKWARD.entries())
      await odd('add_document', {
        title: `odd ${at}`,
        content: 'The heron waits.',
        labels: [value],
        collection: value,
        metadata: { value, key: at },
      })
    await embedAll(db.database, oddTenant)
  })

  test.each(AWKWARD.map((value, at): [string, number] => [value, at]))('%j', async (value, at) => {
    for (const where of EVERYWHERE) {
      for (const filter of [
        { labels: [value] },
        { collections: [value] },
        { metadata: { value } },
        { metadata: { value: { in: [value] } } },
        { metadata: { value: { gte: value, lte: value } } },
      ])
        expect(await titles(odd, where, filter), JSON.stringify(filter)).toEqual([`odd ${at}`])
    }
    const { documents } = await odd<{ documents: Described[] }>('list_documents', {
      filter: { labels: [value] },
    })
    expect(documents).toMatchObject([{ labels: [value], metadata: { value, key: at } }])
  })

  test('MC12 keys that are names of every object are keys like others: stored, shown, found, and nothing else has them', async () => {
    const metadata = { constructor: 'c', prototype: 'p', toString: 't', hasOwnProperty: 'h', valueOf: 7 }
    const input = { title: 'names', content: 'The heron waits.', labels: ['names'], metadata }
    await odd('add_document', input)
    for (const [key, value] of Object.entries(metadata)) {
      for (const where of EVERYWHERE) {
        expect(await titles(odd, where, { metadata: { [key]: value } }), key).toEqual(['names'])
        expect(await titles(odd, where, { metadata: { [key]: 'other' } }), key).toEqual([])
      }
    }
    const { documents } = await odd<{ documents: Described[] }>('list_documents', {
      filter: { labels: ['names'] },
    })
    const pairs = (record: object) => Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b))
    expect(documents.map(one => pairs(one.metadata))).toEqual([pairs(metadata)])
  })

  test('and none of them did anything', async () => {
    expect((await titles(odd, 'list_documents', {})).length).toBe(AWKWARD.length + 1)
    expect(await titles(ask, 'list_documents', {})).toHaveLength(Object.keys(DOCUMENTS).length)
  })
})

describe('a filter never makes fewer results', () => {
  let crowd: Ask
  beforeAll(async () => {
    const tenant = await db.createTenant()
    crowd = callerOf(db.database, documentOperations, tenant)
    // Ninety that answer far better than the twelve, more than either branch takes as candidates.
    for (let at = 0; at < 90; at++)
      await crowd('add_document', {
        title: `near ${at}`,
        content: `heron heron heron ${at}`,
        labels: ['near'],
      })
    for (let at = 0; at < 12; at++)
      await crowd('add_document', {
        title: `far ${at}`,
        content: `A heron was once seen by somebody near the mill number ${at}, and ${'much else was told besides. '.repeat(6)}`,
        labels: ['far'],
        metadata: { at },
      })
    await embedAll(db.database, tenant)
  }, 120_000)

  test.each<Where>(['search_documents', 'hybrid_search'])('%s', async where => {
    const hits = await titles(crowd, where, {}, 10)
    expect(hits.every(title => title.startsWith('near'))).toBe(true)
    for (const filter of [{ labels: ['far'] }, { metadata: { at: { gte: 0 } } }]) {
      const narrowed = await titles(crowd, where, filter, 10)
      expect(narrowed).toHaveLength(10)
      expect(narrowed.every(title => title.startsWith('far'))).toBe(true)
    }
    expect(await titles(crowd, where, { metadata: { at: { gte: 10 } } }, 10)).toEqual(['far 10', 'far 11'])
  })

  test('pages of a filtered list are full, and have each document once', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page: { documents: Described[]; next_cursor?: string } = await crowd('list_documents', {
        filter: { labels: ['far'] },
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      })
      if (page.next_cursor !== undefined) expect(page.documents).toHaveLength(5)
      seen.push(...page.documents.map(({ title }) => title))
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(seen.toSorted()).toEqual(Array.from({ length: 12 }, (_, at) => `far ${at}`).toSorted())
  })
})

test('a document is filtered by what it says now', async () => {
  const caller = callerOf(db.database, documentOperations, await db.createTenant())
  const { document_id } = await caller<{ document_id: string }>('add_document', {
    title: 'changing',
    content: 'The heron waits.',
    labels: ['old'],
    metadata: { stage: 1 },
  })
  await caller('update_document', { document_id, labels: ['new'], metadata: { stage: 2 } })
  for (const where of ['list_documents', 'search_documents'] as const) {
    expect(await titles(caller, where, { labels: ['old'] })).toEqual([])
    expect(await titles(caller, where, { metadata: { stage: 1 } })).toEqual([])
    expect(await titles(caller, where, { labels: ['new'], metadata: { stage: 2 } })).toEqual(['changing'])
  }
})

describe.each(EVERYWHERE)('%s refuses by name', where => {
  test.each<[string, unknown, string]>([
    ['no labels', { labels: [] }, 'labels'],
    ['a label that is no text', { labels: [7] }, 'labels'],
    ['labels that are no list', { labels: 'legal' }, 'labels'],
    ['an unknown kind of filter', { owner: 'me' }, 'owner'],
    ['an unknown language', { languages: ['klingon'] }, 'languages'],
    ['an unknown type of file', { file_types: ['exe'] }, 'file_types'],
    ['an empty in', { metadata: { year: { in: [] } } }, 'year'],
    ['no bound', { metadata: { year: {} } }, 'year'],
    ['bounds of two kinds', { metadata: { year: { gte: 1, lt: '2024' } } }, 'year'],
    ['an unknown bound', { metadata: { year: { like: 'x' } } }, 'year'],
    ['a value and a bound', { metadata: { year: { in: [1], gte: 1 } } }, 'year'],
    ['null', { metadata: { year: null } }, 'year'],
    ['a number that is none', { metadata: { year: Number.POSITIVE_INFINITY } }, 'year'],
    ['a key with a quote', { metadata: { "year' or 1=1 --": 1 } }, 'metadata'],
    ['a key with a space', { metadata: { 'a b': 1 } }, 'metadata'],
    ['NUL in a value', { metadata: { year: 'a\0b' } }, 'filter'],
    ['NUL in a label', { labels: ['a\0b'] }, 'filter'],
    ['half a character', { collections: ['\ud800'] }, 'filter'],
    ['a filter that is a text', 'labels=legal', 'filter'],
    ['a filter that is a list', [], 'filter'],
  ])('%s', async (_, filter, name) => {
    const query = where === 'list_documents' ? {} : { query: 'heron' }
    const refusal = await refusalOf(ask(where, { ...query, filter }))
    expect(refusal).toMatchObject({ code: 'invalid_input' })
    expect(JSON.stringify([refusal?.say, refusal?.issues])).toContain(name)
  })
})
