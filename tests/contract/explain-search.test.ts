// explain_search: each reason why a document is not among the hits, told apart, and ranks that are exact.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDocument } from '../../src/features/documents/add-document.ts'
import { deleteDocument } from '../../src/features/documents/delete-document.ts'
import type { Explanation } from '../../src/features/retrieval/explain-search.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { Ranking } from '../../src/features/retrieval/rank-documents.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import type { Embedder } from '../../src/platform/models/embedder.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, orderVectors, publishIn, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

// Birds lie in one direction, each kestrel a little further off than the one before; fish lie in the opposite one.
const { model } = localEmbedder()
const embedder: Embedder = {
  ...localEmbedder(),
  embed: texts => Promise.resolve(texts.map(text => (/\bmute\b/.test(text) ? null : vector(angleOf(text))))),
}
const angleOf = (text: string): number => {
  if (/\bpike\b/.test(text)) return 0.9 * Math.PI
  return Number(/ring (\d+)/.exec(text)?.[1] ?? 0) / 60
}
const vector = (angle: number): Float32Array =>
  new Float32Array(model.dimension).fill(Math.cos(angle), 0, 1).fill(Math.sin(angle), 1, 2)
const broken: Embedder = { ...embedder, embed: () => Promise.reject(new Error('the model is away')) }

const operationsWith = (embedding: Embedder) => [
  addDocument({ orderVectors }),
  deleteDocument(),
  ...retrieval({ servingModel: servingModelOf(embedding) }),
]

const COPY = `Members pay the yearly fee by the end of March, in one sum, to the account that the treasurer names in the letter of
January; who pays later pays a tenth more, and who has not paid by June has no vote in the autumn meeting of all members.`

let db: TestDatabase
let tenant: string
let ask: Ask
const ids = new Map<string, string>()

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  ask = callerOf(db.database, operationsWith(embedder), tenant)
  await db.database.writeAs({ tenantId: tenant, subject: 'tests' }, async tx => {
    const add = async (title: string, content: string, more: object = {}) =>
      ids.set(title, (await publishIn(tx, tenant, { title, content, ...more })).documentId)
    // The further off, the longer, and the worse by words.
    for (let at = 1; at <= 55; at++) await add(`Kestrel ${at}`, `kestrel ring ${at} ${'meadow '.repeat(at)}`)
    for (let at = 1; at <= 5; at++) await add(`Fee ${at}`, COPY.replace('treasurer', `treasurer${at}`))
    await add('Fee of guests', `Guests pay no fee. ${'They come and go. '.repeat(60)}`)
    await add('Ponds', 'A pike waits in the reeds.', {
      externalId: 'ponds/1',
      fields: { labels: ['water'], metadata: { depth: 3 } },
    })
    await add(
      'Harbours',
      `The lantern on the mole. ${'Ships lie there. '.repeat(400)} The harbour lies north.`,
    )
    await add('Silence', 'A mute swan.')
    await add('Bookings', 'Booking a boat takes a day.')
    await add('Looking', 'Looking at boats is free.')
  })
  await embedAll(db.database, tenant, embedder)
  await db.database.writeAs({ tenantId: tenant, subject: 'tests' }, async tx => {
    ids.set(
      'Late',
      (await publishIn(tx, tenant, { title: 'Late', content: 'An ostrich arrived.' })).documentId,
    )
  })
})
afterAll(() => db.close())

const idOf = (title: string): string => ids.get(title) ?? title
const explain = (query: string, title: string, more: object = {}, by: Ask = ask) =>
  by<Explanation>('explain_search', { query, document: idOf(title), ...more })
const codes = ({ reasons }: Explanation) => reasons.map(({ code }) => code)
const WORDS = { bm25_weight: 1 }
const LIKENESS = { vector_weight: 1 }

describe('a document that is found', () => {
  test.each(['kestrel meadow', 'kestrle meadow', 'kestrel "ring 3"', 'CVE-2024-1 kestrel'])(
    'has the place, score and ranks that the search gives it, also beyond the limit: %s',
    async query => {
      const { hits } = await ask<SearchAnswer>('hybrid_search', { query, limit: 50 })
      const { rankings } = await ask<{ rankings: Ranking[] }>('rank_documents', { queries: [query] })
      for (const place of [1, 7, 30].filter(at => at <= hits.length)) {
        const { doc_id, title, score, bm25_score, vector_score } = hits[place - 1]!
        const told = await explain(query, doc_id)
        expect(told).toMatchObject({ document_id: doc_id, title, place, score, found: place <= 10 })
        expect(told.words!.rank).toBe(rankings[0]!.words.find(row => row.document_id === doc_id)!.rank)
        expect(told.vector!.rank).toBe(rankings[0]!.vectors.find(row => row.document_id === doc_id)!.rank)
        expect(told.last_shown_score).toBe((hits[9] ?? hits.at(-1))!.score)
        expect(told.words!.score).toBe(bm25_score)
        expect(told.vector!.similarity).toBeCloseTo(vector_score, 9)
      }
      expect((await explain(query, hits[0]!.doc_id)).verdict).toBe('It is hit 1.')
    },
  )
  test('is named by its external_id, too', async () => {
    expect(await explain('pike', 'ponds/1')).toMatchObject({
      document_id: idOf('Ponds'),
      external_id: 'ponds/1',
      found: true,
      words: { rank: 1, documents: 1, terms: [{ term: 'pike', tf: 1, passages: 1 }], missing: [] },
    })
  })
  test('the numbers of the tenant are told to those who may know them', async () => {
    const told = await explain('pike', 'Ponds')
    expect(told.words!.terms[0]).not.toHaveProperty('df')
    const may = callerOf(db.database, operationsWith(embedder), tenant, ['documents:read', 'statistics:read'])
    const { words } = await explain('pike kestrel', 'Ponds', {}, may)
    expect(words!.terms).toMatchObject([
      { term: 'pike', tf: 1, df: 1, idf: expect.closeTo(3.8, 0) as number },
      { term: 'kestrel', tf: 0, df: 55 },
    ])
    expect(words!.missing).toEqual(['kestrel'])
  })
})

describe('why a document is not among the hits:', () => {
  test('it is not there, and of another tenant’s nothing else is said', async () => {
    const elsewhere = await db.createTenant()
    const theirs = callerOf(db.database, operationsWith(embedder), elsewhere)
    await theirs('add_document', { title: 'Theirs', content: 'a pike', external_id: 'theirs/1' })
    const { hits } = await theirs<SearchAnswer>('search_documents', { query: 'pike' })
    const gone = await ask<{ document_id: string }>('add_document', { title: 'Gone', content: 'a pike' })
    await ask('delete_document', { document_id: gone.document_id })
    const names = [hits[0]!.doc_id, 'theirs/1', uuidv7(), 'nothing/1', 'nu\0ll', '\ud800', gone.document_id]
    const refusals = await Promise.all(
      names.map(name =>
        explain('pike', name).then(JSON.stringify, (error: unknown) => JSON.stringify(error)),
      ),
    )
    expect(new Set(refusals).size).toBe(1)
    await expect(explain('pike', uuidv7())).rejects.toMatchObject({
      code: 'not_found',
      say: 'There is no such document.',
    })
  })
  test('the filter leaves it out, by which condition', async () => {
    const told = await explain('pike', 'Ponds', {
      filter: { labels: ['water'], metadata: { depth: { gte: 5 } } },
    })
    expect(told).toMatchObject({ found: false, reasons: [{ code: 'filter' }] })
    expect(told.verdict).toBe(
      'The search leaves it out: it does not meet the filter’s meta.depth (its own: 3).',
    )
    expect(told).not.toHaveProperty('place')
    expect(told.words).toMatchObject({ terms: [{ term: 'pike', tf: 1 }] })
    expect(told.words).not.toHaveProperty('rank')
    expect(told.vector).not.toHaveProperty('rank')
  })
  test('the query excludes a word or phrase that it holds', async () => {
    const told = await explain('pike -absent -reeds', 'Ponds')
    expect(codes(told)).toEqual(['excluded'])
    expect(told.verdict).toContain('it holds “reeds”, which the query excludes')
    expect((await explain('pike -"in the reeds"', 'Ponds')).verdict).toContain('“in the reeds”')
  })
  test('a quoted phrase does not stand in it', async () => {
    const told = await explain('"pike in the reeds" "a pike"', 'Ponds')
    expect(codes(told)).toEqual(['phrase_missing'])
    expect(told.verdict).toContain('no passage of it holds “pike in the reeds” as quoted')
    expect((await explain('"a pike"', 'Ponds')).found).toBe(true)
  })
  test('two quoted phrases stand in it, but in no passage together', async () => {
    const told = await explain('"lantern on the mole" "the harbour lies"', 'Harbours')
    expect(codes(told)).toEqual(['phrases_apart'])
    expect(told.verdict).toContain('it holds “lantern on the mole” and “the harbour lies”, but no passage')
  })
  test('it holds none of the words and is not like the query', async () => {
    const told = await explain('kestrel', 'Ponds')
    expect(codes(told)).toEqual(['no_words', 'unlike'])
    expect(told.vector!.similarity).toBeCloseTo(Math.cos(0.9 * Math.PI), 2)
    expect(told).toMatchObject({ words: { missing: ['kestrel'] }, vector: { has_vector: true } })
    expect(told.vector).not.toHaveProperty('rank')
  })
  test('it is beyond the candidates of a branch, with its exact rank', async () => {
    const words = await explain('kestrel', 'Kestrel 55', WORDS)
    expect(words).toMatchObject({ found: false, words: { rank: 55, documents: 55 } })
    expect(codes(words)).toEqual(['words_beyond_candidates', 'likeness_not_asked'])
    const likeness = await explain('kestrel', 'Kestrel 55', LIKENESS)
    // Everything that is neither kestrel nor fish is as near as can be.
    expect(likeness.vector).toMatchObject({
      rank: 9 + 55,
      similarity: expect.closeTo(Math.cos(55 / 60), 3) as number,
    })
    expect(codes(likeness)).toEqual(['words_not_asked', 'likeness_beyond_candidates'])
  })
  test('no document holds a word of the query', async () => {
    expect(codes(await explain('xylograph', 'Ponds', WORDS))).toEqual([
      'no_known_words',
      'likeness_not_asked',
    ])
  })
  test('its vector is still to be made', async () => {
    const told = await explain('boat', 'Late')
    expect(codes(told)).toEqual(['no_words', 'vector_pending'])
    expect(told.vector).toEqual({ documents: 64, has_vector: false, passages: 1, passages_pending: 1 })
  })
  test('its text holds nothing that the model makes a vector of', async () => {
    expect(codes(await explain('boat', 'Silence'))).toEqual(['no_words', 'no_vector'])
  })
  test('others are better, and how much', async () => {
    const told = await explain('kestrel', 'Kestrel 12', { ...WORDS, limit: 5 })
    expect(told).toMatchObject({ place: 12, score: 1 / 72, last_shown_score: 1 / 65 })
    expect(codes(told)).toEqual(['outscored', 'ranked_by_words', 'likeness_not_asked'])
    expect(told.verdict).toMatch(
      /^It is number 12, and 5 were asked for: other documents are better: .*0\.01389.*0\.01538/,
    )
  })
  test('it says nearly the same as a hit', async () => {
    const { hits } = await ask<SearchAnswer>('search_documents', { query: 'fee members', limit: 4 })
    const shown = hits.map(({ title }) => title)
    expect(shown[3]).toBe('Fee of guests')
    const moved = ['Fee 1', 'Fee 2', 'Fee 3', 'Fee 4', 'Fee 5'].filter(title => !shown.includes(title))
    expect(moved).toHaveLength(2)
    const told = await explain('fee members', moved[0]!, { ...WORDS, limit: 4 })
    expect(codes(told).slice(0, 2)).toEqual(['near_duplicate', 'ranked_by_words'])
    expect(told.verdict).toContain(`nearly the same as hit 1 (${shown[0]!})`)
  })
  test('a misspelled word was read as another than it holds', async () => {
    const told = await explain('cooking', 'Looking', WORDS)
    expect(told.corrections).toEqual([{ from: 'cooking', to: 'booking' }])
    expect(codes(told)).toEqual(['no_words', 'likeness_not_asked', 'corrected_otherwise'])
    expect(told.verdict).toContain('“cooking” stands in no document and was read as “booking”')
    expect(codes(await explain('cooking', 'Bookings', WORDS))).not.toContain('corrected_otherwise')
    expect(codes(await explain('pkie', 'Looking', WORDS))).not.toContain('corrected_otherwise')
  })
  test('the model could not be asked', async () => {
    const away = callerOf(db.database, operationsWith(broken), tenant)
    const told = await explain('kestrel', 'Ponds', {}, away)
    expect(codes(told)).toEqual(['no_words', 'degraded'])
    expect(told.degraded).toBe('The query could not be embedded: ranked by words only.')
    expect(told.vector).toMatchObject({ has_vector: true })
    expect(told.vector).not.toHaveProperty('similarity')
  })
})

test('any text is a query, and what a search refuses is refused', async () => {
  for (const query of [
    "'; drop table app.document; --",
    '" unbalanced',
    '-',
    'the of and',
    'a '.repeat(5_000),
  ]) {
    expect((await explain(query, 'Ponds')).verdict).toMatch(/\.$/)
  }
  await expect(explain(' ', 'Ponds')).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(explain('pike', 'Ponds', { limit: 51 })).rejects.toMatchObject({ code: 'invalid_input' })
  const powerless = callerOf(db.database, operationsWith(embedder), tenant, ['documents:write'])
  await expect(explain('pike', 'Ponds', {}, powerless)).rejects.toMatchObject({ code: 'forbidden' })
})
