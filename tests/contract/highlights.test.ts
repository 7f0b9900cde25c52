// Highlights against the database: the words that it makes the matched terms of are highlighted, and no others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { highlight, phraseWords } from '../../src/features/retrieval/ranking/highlight.ts'
import { candidateWords } from '../../src/features/retrieval/ranking/matched-words.ts'
import { wordTerms, type TermsOfWords } from '../../src/features/retrieval/ranking/word-terms.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { publishText } from '../harness/publish.ts'

const TEXTS = {
  english:
    'Dying trees were using the driest skies; the beekeepers’ data-driven machines (see example.com/bees_2024) aren’t ' +
    'learning from CVE-2024-1234 or IL-6. A U.S. court tried it: it was trying, and “gently” tied—or lying. Call ' +
    '+49 30 or mail bees@example.com about v4.2.1, 5+6, 1.5mg, ~home, AT&T and ﬁndings of the Gatehouse™ ＡＧＥＮＣＹ 😀 agencies.',
  german:
    'Die alten Häuser und ein Haus stehen an der Straße, in den Strassen der Städte. Der Förster hat die Bücher ' +
    'über die Ba\u0308ume (Obst-Bäume) ins Rathaus gebracht; § 15 Abs. 2 gilt für ÜBUNGEN und jede Übung des Öls.',
  french:
    "L'eau des rivières, c'est l’œuvre d’un cheval. Les chevaux ont traversé la rivière; les marins réparaient les " +
    'bateaux-mouches, et le garçon naïf — très réparateur — ne dérange pas la réparation à 12,50 €.',
  spanish:
    'Los pescadores venden sus redes en las ciudades; un pescador vendió la red en la ciudad. ¿Mañana volverán las ' +
    'gaviotas? ¡La gaviota volvía! El corazón de los corazones, año 2024/25, según los más jóvenes: el joven.',
} as const
type Language = keyof typeof TEXTS
const LANGUAGES = Object.keys(TEXTS) as Language[]

let db: TestDatabase
let tenantId: string
let exchanges = 0

const callOf = (tenant: string) =>
  ({
    principal: { realm: 'tenant', tenantId: tenant, subject: 'tests' },
    readBatch: (statements: never) => {
      exchanges += 1
      return db.database.readBatchAs({ tenantId: tenant, subject: 'tests' }, statements)
    },
  }) as unknown as Parameters<TermsOfWords>[0]

async function newTenant(...languages: Language[]): Promise<string> {
  const id = await db.createTenant()
  for (const language of languages)
    await publishText(db.database, id, { title: language, content: TEXTS[language], language })
  return id
}

/** By app.words itself, one list for each of the texts. */
async function indexed(texts: readonly string[], language: string): Promise<Set<string>[]> {
  const rows = await db.database.readAs({ tenantId, subject: 'tests' }, tx =>
    tx.all(sql<{ place: number; term: string }>`
      select t.place::int as place, w.term
      from unnest(${texts}::text[]) with ordinality as t (text, place)
      cross join lateral app.words(t.text, ${language}::text) w`),
  )
  return texts.map((_, at) => new Set(rows.filter(row => row.place === at + 1).map(row => row.term)))
}

beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await newTenant(...LANGUAGES)
})
afterAll(() => db.close())

describe.each(LANGUAGES)('in the %s text', language => {
  const content = TEXTS[language]
  /** Told apart by spaces alone, with nothing of what the code under test knows. */
  const words = [...content.matchAll(/\S+/gu)].map(({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }))

  test('each term of the index highlights the words that have it, and nothing in any other word', async () => {
    const { termsOfWords } = wordTerms()
    const [[all], termsIn] = await Promise.all([
      indexed([content], language),
      indexed(
        words.map(({ word }) => word),
        language,
      ),
    ])
    expect(all!.size).toBeGreaterThan(12)
    const known = await termsOfWords(callOf(tenantId), candidateWords(content, all!), language)
    for (const term of all!) {
      // The filter must not lose a word of this one term.
      const candidates = new Set(candidateWords(content, [term]))
      const termsOf = (word: string) => (candidates.has(word) ? (known.get(word) ?? []) : [])
      const found = highlight(content, { terms: new Set([term]), termsOf, patterns: [] })
      const touched = words.filter(one => found.some(({ start, end }) => start < one.end && end > one.start))
      const expected = words.filter((_, at) => termsIn[at]!.has(term))
      expect(touched, term).toEqual(expected)
      const marked = found.map(({ start, end }) => content.slice(start, end))
      for (const [at, terms] of (await indexed(marked, language)).entries())
        expect([...terms], `${String(marked[at])} for ${term}`).toContain(term)
    }
  })
})

describe('highlighted of a query are all forms of its words', () => {
  test.each([
    ['english', 'try machine IL-6', ['machines', 'IL', '6', 'tried', 'trying']],
    ['english', 'agency', ['ＡＧＥＮＣＹ', 'agencies']],
    ['english', 'example.com', ['example.com']],
    ['english', 'example', []],
    ['english', 'mg home', ['1.5mg']],
    ['german', 'Haus Baum', ['Häuser', 'Haus', 'Ba\u0308ume', 'Bäume']],
    ['german', 'Strasse', ['Straße', 'Strassen']],
    ['french', 'cheval réparer', ['cheval', 'chevaux', 'réparaient', 'réparateur', 'réparation']],
    ['spanish', 'vender corazón', ['venden', 'vendió', 'corazón', 'corazones']],
  ] as [Language, string, string[]][])('%s: %s', async (language, query, expected) => {
    const content = TEXTS[language]
    const [terms] = await indexed([query], language)
    const known = await wordTerms().termsOfWords(callOf(tenantId), candidateWords(content, terms!), language)
    const found = highlight(content, {
      terms: terms!,
      termsOf: word => known.get(word) ?? [],
      patterns: [phraseWords('§ 15')],
    })
    const marked = found.map(({ start, end }) => content.slice(start, end)).filter(one => one !== '§ 15')
    expect(marked).toEqual(expected)
    expect(found.length - marked.length).toBe(language === 'german' ? 1 : 0)
  })
})

describe('terms of words', () => {
  test('are those of the tenant’s languages together, or of the one that is asked for', async () => {
    const { termsOfWords } = wordTerms()
    const english = callOf(await newTenant('english'))
    const words = ['häuser', 'machines', 'the']
    expect(Object.fromEntries(await termsOfWords(english, words))).toEqual({
      häuser: ['häuser'],
      machines: ['machin'],
      the: [],
    })
    const mixed = await termsOfWords(callOf(tenantId), words)
    expect(new Set(mixed.get('häuser'))).toEqual(new Set(['häuser', 'haus', 'häus']))
    expect((await termsOfWords(callOf(tenantId), words, 'german')).get('häuser')).toEqual(['haus'])
  })

  test('that are known cost no exchange, and others one', async () => {
    const { termsOfWords } = wordTerms()
    const count = async (...words: string[]) => {
      const before = exchanges
      const terms = await termsOfWords(callOf(tenantId), words, 'english')
      return { exchanges: exchanges - before, terms: words.map(word => terms.get(word)) }
    }
    const first = { exchanges: 1, terms: [['machin'], []] }
    expect(await count('machines', 'the')).toEqual(first)
    expect(await count('machines', 'the')).toEqual({ ...first, exchanges: 0 })
    expect(await count('machines', 'bees', 'trees')).toMatchObject({ exchanges: 1 })
    expect(await count()).toEqual({ exchanges: 0, terms: [] })
  })

  test('that another tenant has asked for are asked for again', async () => {
    const { termsOfWords } = wordTerms()
    await termsOfWords(callOf(tenantId), ['machines'], 'english')
    const before = exchanges
    const none = await termsOfWords(callOf(await newTenant()), ['machines'], 'english')
    expect(exchanges - before).toBe(1)
    expect(none.get('machines')).toEqual([])
    const own = await termsOfWords(callOf(tenantId), ['machines'], 'english')
    expect(exchanges - before).toBe(1)
    expect(own.get('machines')).toEqual(['machin'])
  })

  test('are asked for again after ten minutes, and when the least recently used had to go', async () => {
    let now = 0
    const { termsOfWords } = wordTerms({ maxBytes: 4 * 3 * 250, now: () => now })
    const asks = async (word: string) => {
      const before = exchanges
      await termsOfWords(callOf(tenantId), [word], 'english')
      return exchanges - before
    }
    for (const word of ['one', 'two', 'three']) expect(await asks(word)).toBe(1)
    expect(await asks('one')).toBe(0)
    expect(await asks('four')).toBe(1)
    expect(await asks('one')).toBe(0)
    expect(await asks('two')).toBe(1)
    now = 600_000
    expect(await asks('one')).toBe(1)
  })

  test('are asked for 2,000 words at once; the rest have none yet', async () => {
    const { termsOfWords } = wordTerms()
    const words = Array.from({ length: 2_001 }, (_, at) => `word${at}`)
    const first = await termsOfWords(callOf(tenantId), words, 'english')
    expect([...first.values()].filter(terms => terms.length === 0)).toHaveLength(1)
    expect(first.get('word2000')).toEqual([])
    expect((await termsOfWords(callOf(tenantId), words, 'english')).get('word2000')).toEqual(['word2000'])
  })
})
