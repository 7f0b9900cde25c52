// Documents in several languages: each is found by the inflected forms of its own words, beside the others.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lexical } from '../../src/features/retrieval/branches/lexical.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { documentOperations, type SearchHit } from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const TEXTS = {
  german:
    'Die alten Häuser stehen am Rand des Waldes, und der Förster hat die Bücher über die Bäume in das Rathaus gebracht. Das ist nicht weit von hier.',
  french:
    'Les chevaux traversent la rivière avant la nuit, et les marins ont réparé les bateaux dans le port. Il ne faut pas les déranger.',
  spanish:
    'Los pescadores venden sus redes en las ciudades de la costa, pero las gaviotas no dejan de gritar. El mercado está cerca de la plaza.',
  english:
    'The beekeepers were carrying the honeycombs to the cottages, and the foxes had not yet been seen by the children of the village.',
  polish:
    'W bibliotece leżą stare książki o żaglowcach, ale nikt ich już nie czyta. To jest bardzo dziwne, że wszyscy o nich zapomnieli, a one są przecież takie piękne i nie tylko dla dzieci.',
  japanese: '灯台守は毎晩海を見ていた。 船は 静かに 港へ 戻った。',
} as const
type Text = keyof typeof TEXTS

const STORED_AS: Record<Text, string> = {
  german: 'german',
  french: 'french',
  spanish: 'spanish',
  english: 'english',
  polish: 'simple',
  japanese: 'simple',
}

let db: TestDatabase
/** A tenant with all of the texts, and one for each text alone. */
let mixed: Ask
let mixedTenant: string
const ids = new Map<string, Text>()
const alone = new Map<Text, Ask>()

async function newTenant(): Promise<{ id: string; ask: Ask }> {
  const id = await db.createTenant()
  return { id, ask: callerOf(db.database, documentOperations, id) }
}

beforeAll(async () => {
  db = await openTestDatabase()
  const tenant = await newTenant()
  mixed = tenant.ask
  mixedTenant = tenant.id
  for (const [text, content] of Object.entries(TEXTS) as [Text, string][]) {
    const { document_id } = await mixed<{ document_id: string }>('add_document', { title: '1', content })
    ids.set(document_id, text)
    const { ask } = await newTenant()
    await ask('add_document', { title: '1', content })
    alone.set(text, ask)
  }
})
afterAll(() => db.close())

/** Documents that hold a word of the query as the index reads it, without the corrections of a search. */
const byTerms = async (tenantId: string, query: string): Promise<number> => {
  const rows = await db.database.readAs({ tenantId, subject: 't' }, tx => tx.all(lexical(tenantId, query)))
  return rows.length
}
const hitsOf = async (ask: Ask, query: string, filter?: unknown): Promise<SearchHit[]> =>
  (
    await ask<{ hits: SearchHit[] }>('search_documents', {
      query,
      ...(filter === undefined ? {} : { filter }),
    })
  ).hits
const found = async (query: string, filter?: unknown) =>
  (await hitsOf(mixed, query, filter)).map(({ doc_id }) => String(ids.get(doc_id))).toSorted()

test.each(Object.entries(STORED_AS) as [Text, string][])(
  'the %s text is told to be %s',
  async (text, language) => {
    const { documents } = await mixed<{ documents: { document_id: string; language: string }[] }>(
      'list_documents',
      { filter: { languages: [language] } },
    )
    expect(documents.map(({ document_id }) => ids.get(document_id))).toContain(text)
    expect(documents.every(document => document.language === language)).toBe(true)
  },
)

const INFLECTED: [Text, string[]][] = [
  ['german', ['Haus', 'Häuser', 'HÄUSERN', 'Wald', 'Buch', 'Baum', 'Ha\u0308user']],
  ['french', ['cheval', 'chevaux', 'CHEVAL', 'bateau', 'réparer', 'rivières']],
  ['spanish', ['pescador', 'pescadores', 'vender', 'red', 'gaviota', 'mercados']],
  ['english', ['beekeeper', 'carry', 'carried', 'honeycomb', 'cottage', 'fox']],
  ['polish', ['książki', 'KSIĄŻKI', 'żaglowcach']],
  ['japanese', ['灯台守は毎晩海を見ていた', '静かに', '港へ']],
]

describe('a text is found by every form of its words', () => {
  test.each(INFLECTED)('%s, where all documents are in its language', async (text, words) => {
    const ask = alone.get(text)!
    for (const word of words) expect(await hitsOf(ask, word), word).toHaveLength(1)
  })
  test.each(INFLECTED)(
    '%s, among documents of other languages, and none of those with it',
    async (text, words) => {
      for (const word of words) expect(await found(word), word).toEqual([text])
    },
  )
})

test('without a stemmer a word is found as it stands, and by no other form', async () => {
  expect(await byTerms(mixedTenant, 'książka')).toBe(0)
  expect(await byTerms(mixedTenant, '静か')).toBe(0)
  expect(await byTerms(mixedTenant, 'książki 静かに')).toBe(2)
})

test('a query in two languages finds the documents of both', async () => {
  expect(await found('Haus cheval')).toEqual(['french', 'german'])
  expect(await found('fox książki mercados')).toEqual(['english', 'polish', 'spanish'])
})

test("words that only another language's stemmer joins do not find a document", async () => {
  // In English "Häuser" and "Haus" are two words.
  const { id, ask } = await newTenant()
  await ask('add_document', { title: '1', content: TEXTS.german, language: 'english' })
  expect(await byTerms(id, 'Haus')).toBe(0)
  expect(await byTerms(id, 'Häuser')).toBe(1)
})

test('a filter on languages keeps only theirs', async () => {
  expect(await found('Haus cheval fox', { languages: ['german', 'english'] })).toEqual(['english', 'german'])
  expect(await found('Haus', { languages: ['french'] })).toEqual([])
})

describe('the language that is given', () => {
  test('stands over the one that is told from the text', async () => {
    const { ask } = await newTenant()
    const content = 'Häuser'
    await ask('add_document', { title: '1', content, external_id: 'short' })
    expect(await hitsOf(ask, 'Haus')).toEqual([])
    const again = await ask('add_document', { title: '1', content, external_id: 'short', language: 'german' })
    expect(again).toMatchObject({ status: 'updated', version: 2 })
    expect(await hitsOf(ask, 'Haus')).toHaveLength(1)
  })

  test('can be set later, and then the same text is found by the new forms alone', async () => {
    const { id, ask } = await newTenant()
    const { document_id } = await ask<{ document_id: string }>('add_document', {
      title: '1',
      content: TEXTS.french,
      language: 'simple',
    })
    expect(await hitsOf(ask, 'cheval')).toEqual([])
    await ask('update_document', { document_id, language: 'french' })
    const [hit] = await hitsOf(ask, 'cheval')
    expect(hit).toMatchObject({ doc_id: document_id, content: TEXTS.french })
    expect(await ask('retrieve_document', { document_id })).toMatchObject({ language: 'french' })
    expect(await db.database.readAs({ tenantId: id, subject: 'recount' }, indexFaults)).toEqual([])
  })

  test('is refused by name when there is none of that name', async () => {
    const refused = mixed('add_document', { title: '1', content: 'x', language: 'klingon' })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      issues: [{ field: 'language' }],
    })
  })
})

test('the words of a language go from queries when its last document does', async () => {
  const { id, ask } = await newTenant()
  await ask('add_document', { title: '1', content: TEXTS.english })
  const { document_id } = await ask<{ document_id: string }>('add_document', {
    title: '1',
    content: TEXTS.german,
  })
  await ask('delete_document', { document_id })
  expect(await hitsOf(ask, 'Haus')).toEqual([])
  expect(await hitsOf(ask, 'foxes')).toHaveLength(1)
  expect(await db.database.readAs({ tenantId: id, subject: 'recount' }, indexFaults)).toEqual([])
})

test('after all of it the statistics are exact', async () => {
  expect(await db.database.readAs({ tenantId: mixedTenant, subject: 'recount' }, indexFaults)).toEqual([])
})
