// The article's table of what each kind of search finds ("Why hybrid search matters"), with its four queries, each
// against documents that hold the same words or numbers apart. Its own implementation finds nothing for the misspelling
// (D19) and has no vectors of queries at all.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { localEmbedder } from '../../src/platform/models/local-embedder.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'
import { conceptEmbedder } from './concept-embedder.ts'

const meaning = conceptEmbedder({
  privacy: /gdpr|privacy|personal data|data subjects?|controller/,
  erasure: /right to be forgotten|eras(?:e|ure)|delet(?:e|ed|ing|ion)|removed? (?:his|her|their|all)/,
  courts: /\bv\.|court|appeal|judg(?:e|ment)|tort|damages|plaintiff/,
  learning: /machine learning|learning|neural|classifier|training data/,
  security: /password|encrypt\w*|firewall|sign-in|intru\w+/,
  breach: /breach\w*|leak\w*|incident/,
  finance: /invoice|payment|budget|shares|dividend/,
  law: /article|articles|statute|treaty|constitution/,
  land: /road|field|right of way|neighbour/,
  travel: /flight|\btrain\b|luggage|hotel/,
})

// Of equally like texts the older comes first.
const TEXTS: Record<string, string> = {
  'GDPR Article 17': 'Right to erasure. The controller shall erase personal data without undue delay.',
  'GDPR Article 33': 'Notification of a personal data breach to the supervisory authority within 72 hours.',
  'GDPR Article 15': 'Right of access by data subjects to their personal data.',
  'GDPR Article 20': 'Right to data portability: personal data in a machine-readable format.',
  'GDPR at a glance':
    'Privacy for beginners: who is a controller, who is a data subject. In force for 17 months.',
  'GDPR fines': 'Fines follow Article 83. In 17 cases the controller paid.',
  'Privacy notice': 'How we treat personal data of visitors.',
  'Magazine index': 'An article about gardens, page 17. Another article about GDPR, page 20.',
  'Treaty on fisheries': 'Article 17 governs the mesh of nets.',
  'Constitution of Arcadia': 'Article 71 names the capital; articles 1 to 7 the colours of the flag.',
  'Seventeen recipes': '17 soups for 17 evenings.',
  'Deleting customer records on request':
    'A person may ask us to have all records about him deleted; we delete within a month.',
  'Cleaning the archive': 'Old files are removed by the shredder every spring.',
  'Forgotten umbrellas': 'Umbrellas that were forgotten on the train wait in the office.',
  'Forgotten password': 'Reset a forgotten password on the sign-in page.',
  'Right of way': 'The road across the field is open to each neighbour.',
  'Right turns': 'Turn right at the mill, then right again.',
  'Writing with the right hand': 'Most people write with their right hand.',
  'Miller v. Jones (2024)': 'Damages for a tree. Judgment of 2024.',
  'Jones v. Smith (2024)': 'Another court, another year of the same families: appeal dismissed in 2024.',
  'Smith v. Jones (2024)': 'The appeal court awarded damages for the fence. Judgment of May 2024.',
  'Smith v. Jones (2019)': 'The first court found no tort. Judgment of 2019.',
  'Smith v. Brown (2024)': 'The plaintiff Smith lost. Court costs of 2024.',
  'Staff list': 'Smith runs the kitchen, Jones the garden, since 2024.',
  'Letter to Jones': 'Dear Jones, Smith was here in 2024 and version v. 2 of the plan is ready.',
  'Calendar 2024': 'Holidays of 2024.',
  'Courts in general': 'A court hears the plaintiff, a judge writes the judgment, an appeal may follow.',
  'Machine learning basics': 'Machine learning finds patterns in training data.',
  'Washing machine': 'The washing machine hums in the cellar.',
  'Learning to swim': 'Lessons for children on Monday.',
  'Sewing machine': 'Oil the machine twice a year.',
  'Neural networks': 'A classifier made of layers.',
  'Machete care': 'A machete is dried and oiled.',
  'Lean production': 'Leaning on few parts in stock.',
  'Leaked keys': 'An incident report about leaked keys.',
  'Firewall rules': 'Intruders are kept out; logs are encrypted.',
  'Breach of contract': 'Late payment is a breach of the contract.',
  'Dividend policy': 'Shares earn a dividend in June.',
  'Budget 2025': 'The budget is due in May. Invoices go to accounting.',
  'Travel rules': 'Book flight and hotel early; luggage is paid.',
  'Canteen menu': 'Soup on Monday, noodles on Tuesday.',
  'Bird diary': 'A heron stood in the reeds.',
  'Bicycle shed': 'The shed is locked at ten.',
  'Printer manual': 'Paper goes into tray two.',
}

let db: TestDatabase
let semantic: Ask
let spelling: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  semantic = await asking(meaning)
  spelling = await asking(localEmbedder())
})
afterAll(() => db.close())

async function asking(embedder: typeof meaning): Promise<Ask> {
  const tenant = await db.createTenant()
  for (const [title, content] of Object.entries(TEXTS))
    await publishText(db.database, tenant, { title, content, language: 'english' })
  await embedAll(db.database, tenant, embedder)
  return callerOf(db.database, retrieval({ servingModel: servingModelOf(embedder) }), tenant)
}

const found = async (ask: Ask, query: string, more: object = {}) =>
  (await ask<SearchAnswer>('hybrid_search', { query, ...more })).hits.map(hit => hit.title)
const byWords = async (ask: Ask, query: string) =>
  (await ask<SearchAnswer>('search_documents', { query })).hits.map(hit => hit.title)
const byVector = (ask: Ask, query: string) => found(ask, query, { vector_weight: 1, bm25_weight: 0 })

test('the documents are forty and more', () => expect(Object.keys(TEXTS).length).toBeGreaterThanOrEqual(40))

describe('exact term: GDPR Article 17', () => {
  const query = 'GDPR Article 17'
  test('words: perfect', async () => expect((await byWords(semantic, query))[0]).toBe('GDPR Article 17'))
  test('vectors: miss it, for a number means nothing to them', async () => {
    const titles = await byVector(semantic, query)
    expect(titles.length).toBeGreaterThan(5)
    expect(titles.slice(0, 3)).not.toContain('GDPR Article 17')
  })
  test.each(['semantic', 'local'])('hybrid, %s model: perfect', async model =>
    expect((await found(model === 'local' ? spelling : semantic, query))[0]).toBe('GDPR Article 17'),
  )
})

describe('concept: right to be forgotten (with a semantic model; the local one is not)', () => {
  const query = 'right to be forgotten'
  const meant = 'Deleting customer records on request'
  test('words: miss the text that says it in other words', async () => {
    const titles = await byWords(semantic, query)
    expect(titles).toContain('Forgotten umbrellas')
    expect(titles).not.toContain(meant)
  })
  test('vectors: good', async () => expect((await byVector(semantic, query))[0]).toBe(meant))
  test('hybrid: first the article on it, and the text in other words among the first three', async () => {
    const titles = await found(semantic, query)
    expect(titles[0]).toBe('GDPR Article 17')
    expect(titles.slice(0, 3)).toContain(meant)
  })
  test('the local model compares spellings and misses it: it never says that it is semantic', async () =>
    expect((await byVector(spelling, query)).slice(0, 3)).not.toContain(meant))
})

describe('legal citation: Smith v. Jones 2024', () => {
  const query = 'Smith v. Jones 2024'
  const judgment = 'Smith v. Jones (2024)'
  test('words: perfect, and the same names in another year next', async () =>
    expect((await byWords(semantic, query)).slice(0, 2)).toEqual([judgment, 'Smith v. Jones (2019)']))
  test('vectors: poor, any case will do', async () => {
    const titles = await byVector(semantic, query)
    expect(titles[0]).not.toBe(judgment)
    expect(titles).toContain('Miller v. Jones (2024)')
  })
  test.each(['semantic', 'local'])('hybrid, %s model: perfect', async model =>
    expect((await found(model === 'local' ? spelling : semantic, query))[0]).toBe(judgment),
  )
})

describe('misspelling: machien learning', () => {
  const query = 'machien learning'
  const meant = 'Machine learning basics'
  test('words: find it, where the table says "misses": an unknown word is corrected, and the answer says so', async () => {
    const { hits, searched } = await semantic<SearchAnswer>('search_documents', { query })
    expect(hits[0]?.title).toBe(meant)
    expect(searched.corrections).toEqual([{ from: 'machien', to: 'machine' }])
  })
  test('vectors: find it', async () => {
    expect((await byVector(spelling, query))[0]).toBe(meant)
    expect((await byVector(semantic, query)).slice(0, 3)).toContain(meant)
  })
  test.each(['semantic', 'local'])('hybrid, %s model: finds it', async model =>
    expect((await found(model === 'local' ? spelling : semantic, query))[0]).toBe(meant),
  )
})
