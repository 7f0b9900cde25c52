// The operations on documents, by outcome, through all stages of a call.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDocument } from '../../src/features/documents/add-document.ts'
import { deleteDocument } from '../../src/features/documents/delete-document.ts'
import { listDocuments } from '../../src/features/documents/list-documents.ts'
import { retrieveDocument } from '../../src/features/documents/retrieve-document.ts'
import { updateDocument } from '../../src/features/documents/update-document.ts'
import { withdrawDocument } from '../../src/features/documents/versions/withdraw-document.ts'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { embedAll, orderVectors, publishIn, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const operations = [
  addDocument({ orderVectors }),
  updateDocument({ orderVectors }),
  deleteDocument(),
  listDocuments(),
  retrieveDocument(),
  ...retrieval({ servingModel: servingModelOf() }),
]

let db: TestDatabase
let tenant: string
let ask: Ask
let askAsOther: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  tenant = await db.createTenant()
  ask = callerOf(db.database, operations, tenant)
  askAsOther = callerOf(db.database, operations, await db.createTenant())
})
afterAll(() => db.close())

interface Added {
  readonly document_id: string
  readonly chunks: number
  readonly cleaned: boolean
}
interface Page {
  readonly documents: { document_id: string; title: string }[]
  readonly next_cursor?: string
}

const add = (input: Record<string, unknown>) =>
  ask<Added>('add_document', { title: 'Untitled', content: 'Nothing of note.', ...input })
const faultsOf = (id: string) => db.database.readAs({ tenantId: id, subject: 'recount' }, indexFaults)
const found = async (query: string) => {
  const { hits } = await ask<{ hits: { doc_id: string }[] }>('search_documents', { query })
  return hits.map(hit => hit.doc_id)
}

describe('add_document', () => {
  test('once it answers, the document is found and read as it was given', async () => {
    const content = '# Leave\n\nThe zebrafish policy.\n\n## Abroad\n\nAsk first. 👍'
    const { document_id } = await add({
      title: 'Leave policy',
      content,
      format: 'markdown',
      external_id: 'hr/leave',
      labels: ['hr', 'policy'],
    })
    expect(document_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await found('zebrafish')).toEqual([document_id])
    expect(await ask('retrieve_document', { document_id })).toMatchObject({
      document_id,
      title: 'Leave policy',
      content,
      format: 'markdown',
      external_id: 'hr/leave',
      labels: ['hr', 'policy'],
      version: 1,
      current_version: 1,
    })
  })

  test('the same external_id with the same text changes nothing, with another makes the next version', async () => {
    const input = { content: 'erstwhile quokka', external_id: 'twice "quoted"', labels: ['zoo'] }
    const { document_id } = await add(input)
    expect(await add(input)).toMatchObject({ status: 'unchanged', document_id, version: 1 })
    const changed = { ...input, content: 'second quokka' }
    expect(await add(changed)).toMatchObject({ status: 'updated', document_id, version: 2 })
    expect(await found('quokka')).toEqual([document_id])
    expect(await found('erstwhile')).toEqual([])
    expect(await ask('retrieve_document', { document_id, version: 1 })).toMatchObject({
      content: 'erstwhile quokka',
    })
    expect(await add({ ...changed, labels: ['park'] })).toMatchObject({ status: 'updated', version: 2 })
    expect(await ask('retrieve_document', { document_id })).toMatchObject({ labels: ['park'] })
    expect(await faultsOf(tenant)).toEqual([])
  })
  test('deleting frees the external_id', async () => {
    const { document_id } = await add({ content: 'one quoll', external_id: 'freed' })
    await ask('delete_document', { document_id })
    const again = await add({ content: 'one quoll', external_id: 'freed' })
    expect(again).toMatchObject({ status: 'added', version: 1 })
    expect(again.document_id).not.toBe(document_id)
  })
  test('50 at once with one external_id make one document of 50 versions at most, and none is lost half', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => add({ content: `numbat ${at}`, external_id: 'raced' })),
    )
    const ids = new Set(answers.map(({ document_id }) => document_id))
    expect(ids.size).toBe(1)
    expect(await found('numbat')).toEqual([...ids])
    expect(await faultsOf(tenant)).toEqual([])
  })
  test('the same external_id in two tenants is no conflict', async () => {
    await add({ external_id: 'shared' })
    expect(
      await askAsOther('add_document', { title: 'T', content: 'C', external_id: 'shared' }),
    ).toHaveProperty('document_id')
  })

  test('IN05 characters that no text can hold are removed, and the answer says so', async () => {
    const { document_id, cleaned } = await add({ title: 'Nul\0l', content: 'axo\0lotl \ud800 end' })
    expect(cleaned).toBe(true)
    expect(await ask('retrieve_document', { document_id })).toMatchObject({
      title: 'Null',
      content: 'axolotl \ufffd end',
    })
    expect(await found('axolotl')).toEqual([document_id])
    expect(await add({ content: 'clean 👍' })).toMatchObject({ cleaned: false })
  })

  test.each([
    ['an empty title', { title: '' }, 'title must not be empty'],
    ['a blank title', { title: ' \0 ' }, 'title must not be blank'],
    ['an empty content', { content: '' }, 'content must not be empty'],
    ['a blank content', { content: '\n\n\t' }, 'content must not be blank'],
    [
      'too many bytes',
      { content: 'é'.repeat(600_000) },
      'content must have at most 1048576 bytes, got 1200000',
    ],
    [
      'too many characters',
      { content: 'x'.repeat(1_048_577) },
      'content must have at most 1048576 characters, got 1048577',
    ],
    [
      'too many passages',
      { content: '# a\n\nb\n\n'.repeat(5_001), format: 'markdown' },
      'content must make at most 5000 passages, got 5001',
    ],
    ['a NUL in external_id', { external_id: 'a\0b' }, 'external_id must be well-formed text without NUL'],
    [
      'half a character in a label',
      { labels: ['fine', '\udfff'] },
      'labels.1 must be well-formed text without NUL',
    ],
    ['an unknown format', { format: 'pdf' }, 'format'],
    ['an unknown argument', { owner: 'me' }, 'unknown argument "owner"'],
  ])('%s is refused in words', async (_, input, words) => {
    await expect(add(input)).rejects.toMatchObject({
      code: 'invalid_input',
      say: expect.stringContaining(words) as string,
    })
  })

  test('IN08 a document of the largest size is taken whole', async () => {
    const content = 'The pangolin reads on and on. '.repeat(34_950)
    const { document_id, chunks } = await add({ content })
    expect(chunks).toBeGreaterThan(900)
    expect((await ask<{ content: string }>('retrieve_document', { document_id })).content).toBe(content)
    await ask('delete_document', { document_id })
    expect(await faultsOf(tenant)).toEqual([])
  }, 120_000)

  test('texts that trouble parsers go in and come out', async () => {
    const words = [
      "it's",
      '\\backslash\\',
      '{a,b}',
      '"quoted"',
      'NULL',
      '%_',
      '日本語のテキスト',
      'x'.repeat(5_000),
      '漢'.repeat(3_000),
      'a b '.repeat(600),
    ]
    for (const content of words) {
      const { document_id } = await add({ title: content.slice(0, 400), content })
      expect(await ask('retrieve_document', { document_id })).toMatchObject({ content })
    }
    expect(await faultsOf(tenant)).toEqual([])
  })

  test('without the scope it is forbidden', async () => {
    const reader = callerOf(db.database, operations, tenant, ['documents:read'])
    await expect(reader('add_document', { title: 'T', content: 'C' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(reader('delete_document', { document_id: uuidv7() })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('retrieve_document and delete_document', () => {
  test('RL16 unknown ids, ids of other tenants and ids no version of UUID could be get the very same answer', async () => {
    const foreign = await askAsOther<Added>('add_document', { title: 'Theirs', content: 'Private.' })
    const ids = [
      uuidv7(),
      foreign.document_id,
      foreign.document_id.toUpperCase(),
      'ffffffff-0000-0000-0000-123456789abc',
      '00000000-0000-0000-0000-000000000000',
    ]
    for (const operation of ['retrieve_document', 'delete_document']) {
      for (const document_id of ids) {
        const refused = await ask(operation, { document_id }).catch((error: unknown) => error)
        expect(refused).toMatchObject({
          code: 'not_found',
          say: 'There is no such document.',
          reason: undefined,
          issues: [],
        })
      }
    }
    expect(await askAsOther('retrieve_document', { document_id: foreign.document_id })).toMatchObject({
      title: 'Theirs',
    })
  })
  test('what is no UUID is named as such', async () => {
    const refused = ask('retrieve_document', { document_id: "x' or 1=1" })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_input',
      say: `document_id: must be a UUID, got "x' or 1=1"`,
    })
  })
  test('an id in capitals is the same id', async () => {
    const { document_id } = await add({ title: 'Capital' })
    expect(await ask('retrieve_document', { document_id: document_id.toUpperCase() })).toMatchObject({
      document_id,
      title: 'Capital',
    })
  })

  test('a deleted document is gone from reading, listing and searching, and its words from the statistics', async () => {
    const { document_id } = await add({ content: 'unrepeatable okapi' })
    expect(await ask('delete_document', { document_id })).toEqual({ document_id, deleted: true })
    await expect(ask('retrieve_document', { document_id })).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask('delete_document', { document_id })).rejects.toMatchObject({ code: 'not_found' })
    expect(await found('okapi')).toEqual([])
    expect(await ask('search_documents', { query: 'unrepeatable' })).toMatchObject({
      searched: { terms: [] },
    })
    expect(await faultsOf(tenant)).toEqual([])
  })

  test('an earlier version stays readable after the next is published; a missing one is named', async () => {
    const { document_id } = await add({ title: 'Old', content: 'dodo' })
    expect(await ask('update_document', { document_id, title: 'New', content: 'emu' })).toMatchObject({
      status: 'updated',
      document_id,
      version: 2,
    })
    expect(await ask('retrieve_document', { document_id })).toMatchObject({
      title: 'New',
      content: 'emu',
      version: 2,
      current_version: 2,
    })
    expect(await ask('retrieve_document', { document_id, version: 1 })).toMatchObject({
      content: 'dodo',
      version: 1,
    })
    await expect(ask('retrieve_document', { document_id, version: 3 })).rejects.toMatchObject({
      code: 'not_found',
      say: 'The document has no such version; the current one is 2.',
    })
    expect(await found('dodo')).toEqual([])
    expect(await found('emu')).toEqual([document_id])
    expect(await faultsOf(tenant)).toEqual([])
  })
})

describe('list_documents', () => {
  let list: Ask
  let ids: string[]

  beforeAll(async () => {
    const id = await db.createTenant()
    list = callerOf(db.database, operations, id)
    ids = []
    for (let at = 0; at < 7; at++) {
      const { document_id } = await list<Added>('add_document', { title: `Document ${at}`, content: 'Text.' })
      ids.unshift(document_id)
      // Ids order by the millisecond.
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  })

  test('an empty tenant has an empty list, not null', async () => {
    const nobody = callerOf(db.database, operations, await db.createTenant())
    expect(await nobody('list_documents', {})).toEqual({ documents: [] })
  })
  test('pages follow one another, newest first, each document once', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page: Page = await list<Page>('list_documents', {
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      })
      expect(page.documents.length).toBeLessThanOrEqual(3)
      seen.push(...page.documents.map(({ document_id }) => document_id))
      cursor = page.next_cursor
    } while (cursor !== undefined)
    expect(seen).toEqual(ids)
  })
  test('a full last page has no next page', async () => {
    expect(await list('list_documents', { limit: 7 })).not.toHaveProperty('next_cursor')
  })
  test('a document that comes or goes between two pages does not disturb them', async () => {
    const first = await list<Page>('list_documents', { limit: 3 })
    const { document_id } = await list<Added>('add_document', { title: 'Late', content: 'Text.' })
    const second = await list<Page>('list_documents', { limit: 3, cursor: first.next_cursor })
    expect(second.documents.map(one => one.document_id)).toEqual(ids.slice(3, 6))
    await list('delete_document', { document_id })
  })
  test.each(['', 'nonsense', 'ZG9jdW1lbnRzLjEu', "' or 1=1 --", 'x'.repeat(200)])(
    'the cursor %j is refused in words',
    async cursor => {
      await expect(list('list_documents', { cursor })).rejects.toMatchObject({
        code: 'invalid_input',
        say: expect.stringContaining('cursor is not one that list_documents gave out') as string,
      })
    },
  )
  test.each([0, -1, 101])('the limit %d is refused by its bounds', async limit => {
    await expect(list('list_documents', { limit })).rejects.toMatchObject({
      say: `limit must be between 1 and 100, got ${limit}`,
    })
  })
})

describe('a transaction of a document', () => {
  test('that fails at its end leaves nothing', async () => {
    const failing = db.database.writeAs({ tenantId: tenant, subject: 't' }, async tx => {
      await publishIn(tx, tenant, { title: 'T', content: 'narwhal '.repeat(500) })
      throw new Error('the process died here')
    })
    await expect(failing).rejects.toMatchObject({
      message: expect.stringContaining('the process died here') as string,
    })
    expect(await found('narwhal')).toEqual([])
    expect(await faultsOf(tenant)).toEqual([])
  })

  test('many at once leave the statistics exact', async () => {
    const busy = await db.createTenant()
    const scope = { tenantId: busy, subject: 't' }
    const kept: string[] = []
    await Promise.all(
      Array.from({ length: 24 }, async (_, at) => {
        const words = `common shared ${at % 3 === 0 ? 'third ' : ''}word${at % 5} `.repeat(1 + (at % 7) * 20)
        const draft = { title: 'T', content: words, embed: at % 2 === 0 }
        const { documentId: document_id } = await db.database.writeAs(scope, tx => publishIn(tx, busy, draft))
        const key = { tenant_id: busy, document_id }
        if (at % 4 === 1) await db.database.writeAs(scope, tx => withdrawDocument(tx, key))
        else kept.push(document_id)
        if (at % 4 === 2)
          await db.database.writeAs(scope, tx =>
            publishIn(tx, busy, { ...draft, title: 'U' }, document_id).then(expectSecond),
          )
      }),
    )
    await embedAll(db.database, busy)
    expect(await db.database.readAs(scope, indexFaults)).toEqual([])
    const page = await callerOf(db.database, operations, busy)<Page>('list_documents', { limit: 100 })
    expect(page.documents.map(({ document_id }) => document_id).sort()).toEqual(kept.sort())
  }, 120_000)
  const expectSecond = ({ version }: { version: number }): void => expect(version).toBe(2)
})
