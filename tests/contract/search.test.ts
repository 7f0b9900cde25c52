// Search, by outcome, through all stages of a call.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDocument } from '../../src/features/documents/add-document.ts'
import { retrieveDocument } from '../../src/features/documents/retrieve-document.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, orderVectors, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const embedder = localEmbedder()
const operationsWith = (embedding: Embedder) => [
  addDocument({ orderVectors }),
  retrieveDocument(),
  ...retrieval({ servingModel: servingModelOf(embedding) }),
]

let db: TestDatabase
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  ask = callerOf(db.database, operationsWith(embedder), tenant)
  await add(
    'Breach procedure',
    '# Duties\n\nGeneral part.\n\n## Notification\n\nNotify the authority of a data breach within 72 hours.',
    'markdown',
  )
  await add('Machine learning guide', 'Machine learning finds patterns. Training data must be reviewed.')
  await add('Canteen menu', 'Soup on Monday, noodles on Tuesday.')
  await embedAll(db.database, tenant)
})
afterAll(() => db.close())

const add = async (title: string, content: string, format = 'text') =>
  (await ask<{ document_id: string }>('add_document', { title, content, format })).document_id
const words = (query: string, more: object = {}) => ask<SearchAnswer>('search_documents', { query, ...more })
const hybrid = (query: string, more: object = {}) => ask<SearchAnswer>('hybrid_search', { query, ...more })
const titles = ({ hits }: SearchAnswer) => hits.map(hit => hit.title)

/** Publishes without vectors, as a document whose embedding is still to come. */
function publishBare(tenantId: string, title: string, content: string): Promise<string> {
  return publishText(db.database, tenantId, { title, content, embed: false })
}

describe('a hit', () => {
  test('has the article’s fields, its place in the document, and says why it is here', async () => {
    const { hits, weights, query, searched } = await hybrid('data breach notification', {
      bm25_weight: 3,
      vector_weight: 1,
    })
    expect({ query, weights }).toEqual({
      query: 'data breach notification',
      weights: { bm25: 0.75, vector: 0.25 },
    })
    expect(searched).toEqual({
      terms: ['notif', 'breach', 'data'],
      terms_left_out: 0,
      cleaned: false,
      embedding_model: 'local-ngram-1',
    })
    const [first] = hits
    expect(first).toMatchObject({
      title: 'Breach procedure',
      tenant_id: tenant,
      document_version: 1,
      heading: 'Duties > Notification',
      explanation: {
        lexical: { rank: 1, terms: ['notif', 'breach', 'data'], contribution: 0.75 / 61 },
        vector: { rank: 1, contribution: 0.25 / 61 },
      },
    })
    expect(first!.score).toBeCloseTo(1 / 61, 12)
    expect(first!.bm25_score).toBe(first!.explanation.lexical!.score)
    expect(first!.vector_score).toBe(first!.explanation.vector!.score)
    expect(first!.vector_score).toBeGreaterThan(0)
    expect(first!.vector_score).toBeLessThanOrEqual(1)
    const document = await ask<{ content: string }>('retrieve_document', { document_id: first!.doc_id })
    expect(document.content.slice(first!.chunk_start, first!.chunk_end)).toBe(first!.content)
  })
  test('found by words alone has vector_score 0 and no vector in its explanation', async () => {
    const { hits, weights } = await words('noodles')
    expect(weights).toEqual({ bm25: 1, vector: 0 })
    expect(hits).toHaveLength(1)
    expect(hits[0]).toMatchObject({ title: 'Canteen menu', vector_score: 0, score: 1 / 61 })
    expect(hits[0]!.explanation).not.toHaveProperty('vector')
  })
  test('found by vector alone has bm25_score 0 and no words in its explanation', async () => {
    const { hits } = await hybrid('noodle', { vector_weight: 1 })
    expect(hits[0]).toMatchObject({ title: 'Canteen menu', bm25_score: 0 })
    expect(hits[0]!.explanation).not.toHaveProperty('lexical')
  })
  test('any word of the query is enough, also one in the title or a heading, in any form', async () => {
    expect(titles(await words('notifying unicorns'))).toEqual(['Breach procedure'])
    expect(titles(await words('MENU'))).toEqual(['Canteen menu'])
  })
  test('a misspelling finds by likeness, and by the words that were meant', async () => {
    const corrections = [
      { from: 'machien', to: 'machine' },
      { from: 'lerning', to: 'learning' },
    ]
    for (const { hits, searched } of [await words('machien lerning'), await hybrid('machien lerning')]) {
      expect(hits[0]?.title).toBe('Machine learning guide')
      expect(searched.corrections).toEqual(corrections)
    }
    const byVector = await hybrid('machien lerning', { vector_weight: 1 })
    expect(byVector.hits[0]?.title).toBe('Machine learning guide')
    expect(byVector.searched).not.toHaveProperty('corrections')
  })
})

describe('no hit', () => {
  test('is an empty list, not null and not an error (D18)', async () => {
    expect(await words('unicorn')).toMatchObject({ hits: [], searched: { terms: [], terms_left_out: 0 } })
  })
  test('in a tenant without documents, too', async () => {
    const empty = callerOf(db.database, operationsWith(embedder), await db.createTenant())
    for (const operation of ['search_documents', 'hybrid_search']) {
      expect(await empty(operation, { query: 'breach' })).toMatchObject({ hits: [] })
    }
  })
  test('of another tenant’s documents', async () => {
    const other = callerOf(db.database, operationsWith(embedder), await db.createTenant())
    await other('add_document', { title: 'Theirs', content: 'breach notification machine learning' })
    const theirs = await other<SearchAnswer>('hybrid_search', { query: 'breach' })
    expect(titles(theirs)).toEqual(['Theirs'])
    const ours = await hybrid('breach notification', { limit: 50 })
    expect(titles(ours)).not.toContain('Theirs')
  })
})

describe('IN03 IN06 what is refused, in words', () => {
  test.each([-1, 0, 51])('limit %d', async limit => {
    const say = `limit must be between 1 and 50, got ${limit}`
    await expect(words('x', { limit })).rejects.toMatchObject({ code: 'invalid_input', say })
    await expect(hybrid('x', { limit })).rejects.toMatchObject({ code: 'invalid_input', say })
  })
  test.each([
    ['an empty query', { query: '' }, 'query must not be empty'],
    ['a blank query', { query: ' \n\u3000 ' }, 'query must not be blank'],
    ['a query of NUL', { query: '\0\0' }, 'query must not be blank'],
    ['no query', {}, 'query is required'],
    [
      'a query too long',
      { query: 'x'.repeat(10_001) },
      'query must have at most 10000 characters, got 10001',
    ],
    [
      'a negative weight',
      { query: 'x', bm25_weight: -0.1 },
      'bm25_weight must be between 0 and 1000, got -0.1',
    ],
    [
      'a weight beyond the bound',
      { query: 'x', vector_weight: 1e308 },
      'vector_weight must be between 0 and 1000',
    ],
    ['NaN', { query: 'x', vector_weight: Number.NaN }, 'vector_weight'],
    ['a fraction of a hit', { query: 'x', limit: 2.5 }, 'limit'],
    ['an unknown argument', { query: 'x', embedding: [1] }, 'unknown argument "embedding"'],
  ])('%s', async (_, input, say) => {
    await expect(ask('hybrid_search', input)).rejects.toMatchObject({
      code: 'invalid_input',
      say: expect.stringContaining(say) as string,
    })
  })
  test('a call without the scope', async () => {
    const powerless = callerOf(db.database, operationsWith(embedder), tenant, ['documents:write'])
    await expect(powerless('hybrid_search', { query: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('any text is a query', () => {
  test.each([
    "'; drop table app.document; --",
    '" unbalanced',
    'a & | ! <-> ( b:* c',
    "it''s \\ % _ $1 :tenant_id ::int",
    '\\x00',
    '👩‍👩‍👧‍👦 日本語 עברית',
    '\ud800 half',
    'the of and',
    '--',
    'x'.repeat(10_000),
    '漢'.repeat(10_000),
    '\ufdfa'.repeat(10_000),
    'a '.repeat(5_000),
  ])('%.40j', async query => {
    expect((await hybrid(query)).hits).toBeInstanceOf(Array)
    expect((await words(query)).hits).toBeInstanceOf(Array)
  })
  test('IN05 characters that no text can hold are removed, and the answer says so', async () => {
    expect(await words('bre\0ach')).toMatchObject({
      query: 'breach',
      searched: { cleaned: true, terms: ['breach'] },
    })
  })
  test('IN07 of very many words the 64 rarest are looked up, and the answer says how many were not', async () => {
    const id = await db.createTenant()
    const many = callerOf(db.database, operationsWith(embedder), id)
    const vocabulary = Array.from({ length: 100 }, (_, at) => `w${at}q`)
    await publishBare(id, 'All', vocabulary.join(' '))
    await publishBare(id, 'Half', vocabulary.slice(0, 50).join(' '))
    const query = [...vocabulary, ...Array.from({ length: 1_600 }, (_, at) => `u${at}`)].join(' ')
    const { searched, hits } = await many<SearchAnswer>('search_documents', { query })
    expect(searched.terms_left_out).toBe(36)
    expect(new Set(searched.terms.slice(0, 50))).toEqual(new Set(vocabulary.slice(50)))
    expect(hits[0]!.explanation.lexical!.terms).toEqual(searched.terms)
    expect(hits[1]!.explanation.lexical!.terms).toHaveLength(14)
  })
})

describe('documents without an embedding (the article’s NULL case)', () => {
  let mixed: Ask
  let bare: string
  const search = (more: object) => mixed<SearchAnswer>('hybrid_search', { query: 'liability cap', ...more })

  beforeAll(async () => {
    const id = await db.createTenant()
    mixed = callerOf(db.database, operationsWith(embedder), id)
    bare = await publishBare(id, 'Bare', 'The liability cap is 5 million.')
    for (let at = 0; at < 8; at++)
      await mixed('add_document', { title: `Other ${at}`, content: `Clause ${at} speaks of capital.` })
    await mixed('add_document', {
      title: 'Embedded',
      content: 'Liability in general, and much else besides, without any bound.',
    })
    await embedAll(db.database, id)
  })

  test.each([{}, { bm25_weight: 1 }, { vector_weight: 1 }, { bm25_weight: 0.7, vector_weight: 0.3 }])(
    'among documents with one no search fails, whatever the weights (D7): %j',
    async weights => {
      const { hits } = await search({ ...weights, limit: 50 })
      expect(hits.length).toBeGreaterThan(0)
      for (const hit of hits)
        expect([hit.bm25_score, hit.vector_score, hit.score].every(Number.isFinite)).toBe(true)
    },
  )
  test('they are found by words with vector_score 0, and the best of them is not behind what only resembles it', async () => {
    const { hits } = await search({})
    expect(hits[0]).toMatchObject({ doc_id: bare, vector_score: 0, score: 1 / 61 })
    expect(hits[0]!.explanation).not.toHaveProperty('vector')
  })
  test('vectors alone cannot find them', async () => {
    const { hits } = await search({ vector_weight: 1 })
    expect(hits.map(hit => hit.doc_id)).not.toContain(bare)
  })
})

describe('when the query cannot be embedded', () => {
  const failing: Embedder = {
    ...embedder,
    embed: () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3')),
  }

  test.each([{}, { vector_weight: 1 }])('words go on alone, and the answer says why: %j', async weights => {
    const degraded = callerOf(db.database, operationsWith(failing), tenant)
    const answer = await degraded<SearchAnswer>('hybrid_search', { query: 'breach', ...weights })
    expect(answer).toMatchObject({
      weights: { bm25: 1, vector: 0 },
      degraded: 'The query could not be embedded: ranked by words only.',
    })
    expect(answer.searched).not.toHaveProperty('embedding_model')
    expect(titles(answer)).toEqual(['Breach procedure'])
  })
  test('with no weight on vectors nobody asks the embedder, and nothing is degraded', async () => {
    const unasked = callerOf(db.database, operationsWith(failing), tenant)
    expect(await unasked('hybrid_search', { query: 'breach', bm25_weight: 1 })).not.toHaveProperty('degraded')
  })
  test('a query of signs alone has nothing to embed, and says so', async () => {
    expect(await hybrid('?!')).toMatchObject({
      hits: [],
      degraded: expect.stringContaining('nothing to embed') as string,
    })
  })
})

describe('one hit per document', () => {
  let crowded: Ask

  beforeAll(async () => {
    const id = await db.createTenant()
    crowded = callerOf(db.database, operationsWith(embedder), id)
    const section = (at: number) => `## Part ${at}\n\nThe kestrel hovers over field ${at}. Kestrel, kestrel.`
    const long = Array.from({ length: 150 }, (_, at) => section(at)).join('\n\n')
    await crowded('add_document', { title: 'All about the kestrel', content: long, format: 'markdown' })
    for (let at = 0; at < 12; at++) {
      await crowded('add_document', {
        title: `Note ${at}`,
        content: `Among much else in this note of the year, a kestrel was seen. Entry ${at}.`,
      })
    }
    await embedAll(db.database, id)
  })

  test.each(['search_documents', 'hybrid_search'])(
    '%s: a document of 150 matching passages does not crowd out the others',
    async operation => {
      const { hits } = await crowded<SearchAnswer>(operation, { query: 'kestrel', limit: 50 })
      expect(hits).toHaveLength(13)
      expect(new Set(hits.map(hit => hit.doc_id)).size).toBe(13)
      expect(hits[0]!.title).toBe('All about the kestrel')
    },
  )
  test('the same question has the same answer, ties and all', async () => {
    const first = await crowded<SearchAnswer>('hybrid_search', { query: 'kestrel note' })
    for (let again = 0; again < 5; again++)
      expect(await crowded('hybrid_search', { query: 'kestrel note' })).toEqual(first)
  })
  test('limit takes the best', async () => {
    const all = await crowded<SearchAnswer>('hybrid_search', { query: 'kestrel note', limit: 50 })
    const some = await crowded<SearchAnswer>('hybrid_search', { query: 'kestrel note', limit: 4 })
    expect(some.hits).toEqual(all.hits.slice(0, 4))
  })
})

test('no connection is held while the query is embedded', async () => {
  // A database call inside an open transaction is refused; here it must not be.
  const curious: Embedder = {
    ...embedder,
    async embed(texts) {
      await db.database.readBatchAs({ tenantId: tenant, subject: 't' }, [])
      return embedder.embed(texts)
    },
  }
  const answer = await callerOf(
    db.database,
    operationsWith(curious),
    tenant,
  )<SearchAnswer>('hybrid_search', { query: 'breach' })
  expect(answer).not.toHaveProperty('degraded')
})
