// update_document: what was said of a document once holds until something else is said, whatever is brought as its text;
// and what no document may be called or come from is refused, as it is when a document is added.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import {
  documentOperations,
  ingestionRunner,
  type IngestionRunner,
  type SearchHit,
} from '../harness/document-operations.ts'
import { indexFaults } from '../harness/index-faults.ts'
import { refusalOf } from '../harness/refusal.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

const SPANISH = '# Primero\n\nEl lince vive aquí.\n'
const ENGLISH = '# Second\n\nThe lynx was here, and it is told in the English language for all to read.\n'

let db: TestDatabase
let ingestions: IngestionRunner
let tenant: string
let ask: Ask

beforeAll(async () => {
  db = await openTestDatabase()
  ingestions = ingestionRunner(db.database)
  tenant = await db.createTenant()
  ask = callerOf(db.database, documentOperations, tenant)
})
afterAll(async () => {
  await ingestions.close()
  await db.close()
})

const base64 = (text: string): string => Buffer.from(text).toString('base64')

async function added(given: object): Promise<string> {
  return (await ask<{ document_id: string }>('add_document', { title: 'Lynx', ...given })).document_id
}

/** Updates with a text or, once its ingestion has run, with a file; both make a version. */
async function update(document_id: string, given: Record<string, unknown>): Promise<void> {
  const before = (await stored(document_id))['version']
  const { ingestion_id } = await ask<{ ingestion_id?: string }>('update_document', { document_id, ...given })
  if (ingestion_id !== undefined) await ingestions.run(tenant, ingestion_id)
  expect((await stored(document_id))['version']).toBe(Number(before) + 1)
}

async function stored(document_id: string): Promise<Record<string, unknown>> {
  const [row] = await db.asAdmin(
    `select title, format, language, name, labels, collection, metadata, current_version as version
    from app.document where id = $1`,
    [document_id],
  )
  return row!
}

async function headingOf(document_id: string, query: string): Promise<string | undefined> {
  const { hits } = await ask<{ hits: SearchHit[] }>('search_documents', { query })
  return hits.find(hit => hit.doc_id === document_id)?.heading
}

describe('a document keeps its language', () => {
  const sources: [string, Record<string, unknown>][] = [
    ['a text', { content: ENGLISH }],
    ['a file', { data: base64(ENGLISH), name: 'second.md' }],
  ]

  test.each(sources)('when %s of another comes', async (_, source) => {
    const id = await added({ content: SPANISH, language: 'spanish' })
    await update(id, source)
    expect(await stored(id)).toMatchObject({ language: 'spanish' })
  })

  test.each(sources)('that it was given later, when %s of another comes', async (_, source) => {
    const id = await added({ content: SPANISH, language: 'spanish' })
    await update(id, { language: 'german' })
    await update(id, source)
    expect(await stored(id)).toMatchObject({ language: 'german' })
  })

  test.each(sources)('unless %s comes with a language of its own', async (_, source) => {
    const id = await added({ content: SPANISH, language: 'spanish' })
    await update(id, { ...source, language: 'english' })
    expect(await stored(id)).toMatchObject({ language: 'english' })
  })
})

describe('a document keeps its format', () => {
  test('when a new text comes without one, and its passages are cut at headings still', async () => {
    const id = await added({ content: SPANISH, format: 'markdown', language: 'spanish' })
    await update(id, { content: '# Guarida\n\nLa madriguera tiene sombra.\n' })
    expect(await stored(id)).toMatchObject({ format: 'markdown' })
    expect(await headingOf(id, 'madriguera')).toBe('Guarida')
  })

  test('unless the text comes with another', async () => {
    const id = await added({ content: SPANISH, format: 'markdown', language: 'spanish' })
    await update(id, { content: '# Cueva\n\nLa gruta tiene sombra.\n', format: 'text' })
    expect(await stored(id)).toMatchObject({ format: 'text' })
    expect(await headingOf(id, 'gruta')).toBe('')
  })

  test('that a file gave it, when a text comes after the file', async () => {
    const id = await added({ content: SPANISH })
    expect(await stored(id)).toMatchObject({ format: 'text' })
    await update(id, { data: base64(ENGLISH), name: 'second.md' })
    expect(await stored(id)).toMatchObject({ format: 'markdown' })
    await update(id, { content: '# Third\n\nThe caracal.\n' })
    expect(await stored(id)).toMatchObject({ format: 'markdown' })
    expect(await headingOf(id, 'caracal')).toBe('Third')
  })
})

describe('a document keeps all that is not given', () => {
  const fields = { labels: ['cat'], collection: 'cats', metadata: { legs: 4 }, name: 'lynx.md' }

  test.each<[string, Record<string, unknown>, object]>([
    ['a text', { content: 'A text.' }, { name: 'lynx.md' }],
    ['a file', { data: base64('A file.'), name: 'file.md' }, { name: 'file.md' }],
    ['a title', { title: 'Bobcat' }, { title: 'Bobcat', name: 'lynx.md' }],
    ['a language', { language: 'german' }, { language: 'german', name: 'lynx.md' }],
  ])('when %s comes', async (_, change, changed) => {
    const id = await added({ content: SPANISH, ...fields })
    const before = await stored(id)
    await update(id, change)
    const after = await stored(id)
    expect(after).toMatchObject({ title: 'Lynx', ...fields, ...changed })
    if (!('title' in change)) expect(after['title']).toBe(before['title'])
  })

  test('when its name alone changes, and makes no version of that', async () => {
    const id = await added({ content: SPANISH, ...fields })
    const renamed = await ask('update_document', { document_id: id, name: 'caracal.md' })
    expect(renamed).toMatchObject({ status: 'updated', version: 1 })
    expect(await stored(id)).toMatchObject({ title: 'Lynx', ...fields, name: 'caracal.md', version: 1 })
  })
})

describe('is refused, and nothing is taken in', () => {
  const data = base64('A file.')
  const refused: [string, object, string][] = [
    ['a name with NUL', { data, name: 'a\0.md' }, 'name'],
    ['a name with half a character', { data, name: 'a\ud800.md' }, 'name'],
    ['a url with NUL', { url: 'https://files.example/\0' }, 'url'],
    ['a url with half a character', { url: 'https://files.example/\udc00' }, 'url'],
    ['a url with user and password', { url: 'https://user:password@files.example/a.pdf' }, 'url'],
    ['a url with a user alone', { url: 'https://user@files.example/a.pdf' }, 'url'],
    ['a url with a password alone', { url: 'https://:password@files.example/a.pdf' }, 'url'],
    ['a url of another scheme', { url: 'ftp://files.example/a.pdf' }, 'url'],
    ['two sources', { data, content: 'A text.' }, 'content'],
  ]
  const onlyOfUpdates: [string, object, string][] = [
    ['a name with NUL alone', { name: 'a\0.md' }, 'name'],
    ['a blank title alone', { title: ' \0 ' }, 'title'],
    ['a label with NUL alone', { labels: ['a\0'] }, 'labels.0'],
    ['nothing', {}, 'document_id'],
    ['a format without a text', { format: 'markdown' }, 'document_id'],
  ]

  const ingestionsOf = () => db.asAdmin('select id from app.ingestion where tenant_id = $1', [tenant])

  test.each(refused)('by add_document: %s', async (_, given, field) => {
    const before = await ingestionsOf()
    await expectRefused(ask('add_document', { title: 'Lynx', ...given }), field)
    expect(await ingestionsOf()).toEqual(before)
  })

  test.each([...refused, ...onlyOfUpdates])('by update_document: %s', async (_, given, field) => {
    const id = await added({ content: SPANISH })
    const before = [await stored(id), await ingestionsOf()]
    await expectRefused(ask('update_document', { document_id: id, ...given }), field)
    expect([await stored(id), await ingestionsOf()]).toEqual(before)
  })

  /** As an input of the caller's, at the field, and without the password in the answer. */
  async function expectRefused(asked: Promise<unknown>, field: string): Promise<void> {
    const refusal = await refusalOf(asked)
    expect(refusal).toMatchObject({ code: 'invalid_input' })
    expect(refusal?.issues?.map(issue => issue.field)).toContain(field)
    expect(JSON.stringify([refusal?.say, refusal?.issues])).not.toMatch(/user:|:password@|user@/)
  }
})

test('after all of it the statistics are exact', async () => {
  expect(await db.database.readAs({ tenantId: tenant, subject: 'recount' }, indexFaults)).toEqual([])
})
