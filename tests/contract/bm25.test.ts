// The lexical branch against BM25 written out by hand, and against the words of other tenants.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDocument } from '../../src/features/documents/add-document.ts'
import { chunk } from '../../src/features/documents/text/chunk.ts'
import { deleteDocument } from '../../src/features/documents/delete-document.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { orderVectors, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const operations = [
  addDocument({ orderVectors }),
  deleteDocument(),
  ...retrieval({ servingModel: servingModelOf() }),
]
// Words that the English stemmer leaves alone and that are no stop words.
const WORDS = [
  'zort',
  'blik',
  'quam',
  'dorf',
  'mund',
  'plov',
  'grat',
  'tusk',
  'farn',
  'wolt',
  'kemp',
  'brod',
  'lunk',
  'vint',
  'dax',
]

interface Written {
  readonly id: string
  readonly title: string
  readonly content: string
}

let db: TestDatabase
let ask: Ask
const corpus: Written[] = []
const random = randomFrom(20_261_121)

beforeAll(async () => {
  db = await openTestDatabase()
  ask = callerOf(db.database, operations, await db.createTenant())
  for (let at = 0; at < 40; at++) corpus.push(await write(ask))
})
afterAll(() => db.close())

async function write(as: Ask): Promise<Written> {
  // A few common words, many rare ones; one document in five is long enough for several chunks.
  const word = () => WORDS[Math.floor(random() ** 2 * WORDS.length)]!
  const length = random() < 0.2 ? 700 : 5 + Math.floor(random() * 80)
  const title = `${word()} ${word()}`
  const sections = Array.from({ length }, (_, at) =>
    at % 90 === 89 ? `${word()}\n\n# ${word()} ${word()}\n\n` : `${word()} `,
  )
  const content = sections.join('').trim()
  const { document_id } = await as<{ document_id: string }>('add_document', {
    title,
    content,
    format: 'markdown',
  })
  return { id: document_id, title, content }
}

/** BM25 of each document's best chunk, straight from the formula. */
function bm25(documents: readonly Written[], query: string): Map<string, number> {
  const chunks = documents.flatMap(({ id, title, content }) =>
    chunk(content, 'markdown').map(({ heading, content: text }) => ({
      id,
      words: wordsOf(`${title} ${heading} ${text}`),
    })),
  )
  const average = chunks.reduce((sum, { words }) => sum + words.length, 0) / chunks.length
  const best = new Map<string, number>()
  for (const { id, words } of chunks) {
    let score = 0
    for (const term of new Set(wordsOf(query))) {
      const tf = words.filter(word => word === term).length
      const df = chunks.filter(other => other.words.includes(term)).length
      const idf = Math.log(1 + (chunks.length - df + 0.5) / (df + 0.5))
      score += (idf * tf * (1.2 + 1)) / (tf + 1.2 * (1 - 0.75 + (0.75 * words.length) / average))
    }
    if (score > (best.get(id) ?? 0)) best.set(id, score)
  }
  return best
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? []
}

async function expectExact(query: string): Promise<void> {
  const { hits } = await ask<SearchAnswer>('search_documents', { query, limit: 50 })
  const expected = bm25(corpus, query)
  expect(hits.map(hit => hit.doc_id).sort()).toEqual([...expected.keys()].sort())
  for (const hit of hits) expect(Math.abs(hit.bm25_score - expected.get(hit.doc_id)!)).toBeLessThan(1e-9)
  const scores = hits.map(hit => hit.bm25_score)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
}

const QUERIES = [
  'zort',
  'dax',
  'vint lunk',
  'zort blik quam dorf',
  'dax dax dax zort',
  WORDS.join(' '),
  'brod nowhere',
]

describe('scores are exact Okapi BM25 over the tenant’s chunks', () => {
  test.each(QUERIES)('after adding: %s', expectExact)

  test('after deleting, and after adding again', async () => {
    expect(corpus).toHaveLength(40)
    for (let round = 0; round < 3; round++) {
      for (const gone of corpus.splice(round * 3, 8)) await ask('delete_document', { document_id: gone.id })
      for (const query of QUERIES) await expectExact(query)
      for (let at = 0; at < 4; at++) corpus.push(await write(ask))
      for (const query of QUERIES) await expectExact(query)
    }
  })
})

test('RL29 another tenant’s documents with the same words move no score by a bit', async () => {
  const before = await Promise.all(
    QUERIES.map(query => ask<SearchAnswer>('hybrid_search', { query, limit: 50 })),
  )
  const other = callerOf(db.database, operations, await db.createTenant())
  for (let at = 0; at < 25; at++) await write(other)
  const after = await Promise.all(
    QUERIES.map(query => ask<SearchAnswer>('hybrid_search', { query, limit: 50 })),
  )
  expect(after).toEqual(before)
})

/** Mulberry32: the same corpus at every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
