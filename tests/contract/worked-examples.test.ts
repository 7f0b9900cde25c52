// The article's two worked examples, and the defects of its implementation that a search must not have. The others are
// in search.test.ts (D7 a document with an embedding and a query without, D18 empty lists, weights, limits, arguments)
// and search-plan.test.ts (D21 what a search reads).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { Hit, SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'
import { conceptEmbedder } from './concept-embedder.ts'

/** Knows protection of data and disclosure, but not the SEC, and no numbers: as the article's model, which missed it. */
const meaning = conceptEmbedder({
  protection:
    /privacy|data protection|secur(?:e|ity)|personal data|gdpr|data breach|breach notification|safe\w*/,
  disclosure: /disclos\w+|insider|investors?|securities|shareholders?/,
  reporting: /notif\w+|authority|within \d+ hours|report\w*/,
  trade: /border|countries|treaty|tariffs?/,
  incident: /incident|response|leak\w*/,
  people: /holiday|salary|parental|payroll/,
  house: /canteen|parking|printer|garden/,
})

const AROUND: Record<string, string> = {
  'Privacy Policy': 'How we keep personal information private: privacy first, safe and secure.',
  'Data Protection Guide': 'Data protection for everybody: how to keep things safe.',
  'General Security Practices': 'Security is for all: lock screens, keep papers safe and secure.',
  'Page 33': 'An article on parking, 33 lines long, with data on garages.',
  'Breach of contract': 'A breach of contract is no matter of data.',
  'Broken dam': 'The breach in the dam was closed before noon.',
  'Data centre tour': 'Data is kept in two data centres. Visits on Friday.',
  'Data catalogue': 'Which data we have, and where the data comes from.',
  'Data retention': 'How long data is kept: requirements by kind of data.',
  'Requirements engineering': 'Requirements are gathered, weighed and tested.',
  'Hardware requirements': 'Requirements for laptops of the design team.',
  'Disclosure of gifts': 'Disclosure of gifts above 50 euros to the line manager.',
  'Full disclosure': 'Investors met insiders at the annual meeting.',
  'Secondary school visit': 'In sec. 2 of the plan: a school visits the printer room.',
  'Parental leave': 'Parental leave and salary.',
  'Holiday calendar': 'Holiday of all countries.',
  'Payroll data': 'Payroll data is sent on the 25th.',
  Canteen: 'Soup in the canteen on Monday.',
  'Garden club': 'The garden club meets in May.',
  Parking: 'Parking is free.',
  'Incident log': 'Incident after incident in the kitchen, with the response of the cook.',
}

const FINTECH: Record<string, string> = {
  'SEC Rule 10b-5 Disclosure Requirements':
    'Under SEC Rule 10b-5 no issuer may mislead investors. Disclosure requirements of the SEC cover a material breach.',
  'GDPR Article 33 Breach Notification':
    'GDPR Article 33: a personal data breach is notified to the authority within 72 hours. Requirements for the notice.',
  'Cross-Border Regulatory Compliance':
    'A data breach across borders: GDPR requirements and SEC disclosure requirements apply in all countries at once.',
}

const LEGAL: Record<string, string> = {
  'GDPR Compliance Framework - Article 33 Analysis':
    'Notification requirements of GDPR Article 33 after a data breach: what to notify, to which authority.',
  'Data Breach Response Procedures':
    'Procedures for a data breach: incident response team, notification of those affected, report.',
  'SEC Disclosure Requirements':
    'Disclosure requirements of the SEC: notification of shareholders, and requirements for the notice.',
}

/** Other articles. In the legal tenant they would be a better third answer than the article's own. */
const OTHER_ARTICLES: Record<string, string> = {
  'GDPR Article 32': 'Encryption, and the response to an incident.',
  'GDPR Article 35': 'Impact assessment before anything new.',
  'Article 33 of the Treaty': 'Article 33: tariffs between the countries.',
}

let db: TestDatabase
let fintech: Ask
let legal: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  fintech = await asking({ ...FINTECH, ...AROUND, ...OTHER_ARTICLES })
  legal = await asking({ ...AROUND, ...LEGAL })
})
afterAll(() => db.close())

async function asking(texts: Record<string, string>): Promise<Ask> {
  const tenant = await db.createTenant()
  for (const [title, content] of Object.entries(texts))
    await publishText(db.database, tenant, { title, content, language: 'english' })
  await embedAll(db.database, tenant, meaning)
  return callerOf(db.database, retrieval({ servingModel: servingModelOf(meaning) }), tenant)
}

const titles = ({ hits }: SearchAnswer) => hits.map(hit => hit.title)

describe('"SEC disclosure requirements GDPR data breach" (where the article’s code finds nothing: D19)', () => {
  const query = 'SEC disclosure requirements GDPR data breach'
  const hybrid = (more: object) => fintech<SearchAnswer>('hybrid_search', { query, ...more })
  const distractors = ['Privacy Policy', 'Data Protection Guide', 'General Security Practices']

  test('vectors alone miss the regulation that was asked for', async () => {
    const found = titles(await hybrid({ vector_weight: 1 }))
    expect(found.slice(0, 3).toSorted()).toEqual(distractors.toSorted())
    expect(found.slice(0, 5)).not.toContain('SEC Rule 10b-5 Disclosure Requirements')
  })
  test('hybrid has the three expected documents first, and what only resembles the question below', async () => {
    const found = titles(await hybrid({ limit: 50 }))
    expect(found.slice(0, 3).toSorted()).toEqual(Object.keys(FINTECH).toSorted())
    expect(found.slice(3)).toEqual(expect.arrayContaining(distractors))
  })
})

describe('use case 1: "data breach notification requirements GDPR Article 33" at 0.6 and 0.4', () => {
  const query = 'data breach notification requirements GDPR Article 33'
  const search = (more: object = {}) =>
    legal<SearchAnswer>('hybrid_search', { query, bm25_weight: 0.6, vector_weight: 0.4, ...more })

  test('three ranked results, the analysis of the article first', async () => {
    const answer = await search({ limit: 3 })
    expect(answer.weights).toEqual({ bm25: 0.6, vector: 0.4 })
    expect(answer.hits).toHaveLength(3)
    expect(titles(answer)[0]).toBe('GDPR Compliance Framework - Article 33 Analysis')
    expect(titles(answer).toSorted()).toEqual(Object.keys(LEGAL).toSorted())
    expect(answer.searched.citations).toEqual(['Article 33'])
  })

  // The article prints 0.65 for 0.6 × 0.45 + 0.4 × 0.91, which is 0.63, and ranks it before 0.67.
  test('scores are the sums of their contributions, and sorted', async () => {
    const { hits, weights } = await search({ limit: 50 })
    expect(hits.length).toBeGreaterThan(10)
    const scores = hits.map(hit => hit.score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    for (const hit of hits) {
      const { lexical, vector, no_vector: noVector } = hit.explanation
      // Vectors cannot tell Article 33 from another: of a passage that holds it the words count in full.
      const wordWeight = noVector || lexical?.citation_score ? 1 : weights.bm25
      expect(lexical?.contribution ?? 0).toBeCloseTo(lexical ? wordWeight / (60 + lexical.rank) : 0, 12)
      expect(vector?.contribution ?? 0).toBeCloseTo(vector ? weights.vector / (60 + vector.rank) : 0, 12)
      expect(hit.score).toBeCloseTo((lexical?.contribution ?? 0) + (vector?.contribution ?? 0), 12)
      expect(hit.bm25_score).toBe(lexical?.score ?? 0)
      expect(hit.vector_score).toBe(vector?.score ?? 0)
    }
  })

  test('the ranks of a branch are its own, by its own score, not the place in the answer (D18)', async () => {
    const { hits } = await search({ limit: 50 })
    for (const branch of ['lexical', 'vector'] as const) {
      const ranked = hits.flatMap(hit => hit.explanation[branch] ?? []).toSorted((a, b) => a.rank - b.rank)
      expect(ranked.map(({ rank }) => rank)).toEqual(ranked.map((_, at) => at + 1))
      const branchScores = ranked.map(({ score }) => score)
      expect(branchScores).toEqual(branchScores.toSorted((a, b) => b - a))
    }
    const places = (branch: 'lexical' | 'vector') => hits.map((hit: Hit) => hit.explanation[branch]?.rank)
    expect(places('lexical')).not.toEqual(hits.map((_, at) => at + 1))
    expect(places('vector')).not.toEqual(hits.map((_, at) => at + 1))
    expect(places('vector')).not.toEqual(places('lexical'))
  })
})

test.each([
  [{ limit: 2.5 }, 'limit: invalid input: expected int, received number, got 2.5'],
  [{ bm25_weight: -1 }, 'bm25_weight must be between 0 and 1000, got -1'],
  [{ embedding: [0.1, 0.2] }, 'unknown argument "embedding"'],
  [{ limit: '10' }, 'limit: invalid input: expected number, received string, got "10"'],
])('%j is refused with the field and what it must be (D18)', async (more, say) => {
  await expect(legal('hybrid_search', { query: 'breach', ...more })).rejects.toMatchObject({
    code: 'invalid_input',
    say: expect.stringContaining(say) as string,
  })
})

test('every word need not match, and one letter may be wrong (D19)', async () => {
  const answer = await fintech<SearchAnswer>('search_documents', {
    query: 'what does the SEC say on discolsure of unicorns',
  })
  expect(answer.searched.corrections).toEqual([{ from: 'discolsure', to: 'disclosure' }])
  expect(titles(answer)[0]).toBe('SEC Rule 10b-5 Disclosure Requirements')
})
