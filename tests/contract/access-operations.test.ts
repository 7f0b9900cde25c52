// Who may read a document: how it is set and shown, that equal lists are one, and how it comes with a file.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openAccessGround, type AccessGround } from '../harness/access-ground.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { ingestionRunner, type IngestionRunner } from '../harness/document-operations.ts'
import { refusalOf } from '../harness/refusal.ts'

let db: TestDatabase
let runner: IngestionRunner
let on: AccessGround
beforeAll(async () => {
  db = await openTestDatabase()
  runner = ingestionRunner(db.database)
})
afterAll(async () => {
  await runner.close()
  await db.close()
})
beforeEach(async () => {
  on = await openAccessGround(db)
})

const NOT_THERE = uuidv7()
let texts = 0
const add = async (more: object = {}): Promise<string> => {
  const text = { title: `Text ${++texts}`, content: `Text ${texts} of the harbour.` }
  return String((await on.ask.ada('add_document', { ...text, ...more })).document_id)
}
const accessOf = async (document: string) =>
  (await on.ask.admin('get_document_access', { document }))['access']
const lists = async (): Promise<number> =>
  Number(
    (
      await db.asAdmin('select count(*)::int as n from app.access_list where tenant_id = $1', [on.tenantId])
    )[0]?.['n'],
  )

describe('the access of a document', () => {
  test('is everyone’s unless it is said, and is shown in the words in which it can be set', async () => {
    const document = await add()
    expect(await accessOf(document)).toBe('everyone')
    const access = { users: ['bob', 'ada', 'bob'], groups: [on.partners] }
    const shown = { users: ['ada', 'bob'], groups: ['Partners'] }
    expect(await on.ask.ada('set_document_access', { document, access })).toEqual({
      document_id: document,
      access: shown,
      changed: true,
    })
    expect(await on.ask.ada('set_document_access', { document, access: shown })).toMatchObject({
      changed: false,
    })
    expect(await on.ask.bob('get_document_access', { document: document.toUpperCase() })).toEqual({
      document_id: document,
      access: shown,
    })
    expect(await refusalOf(on.ask.eve('get_document_access', { document }))).toMatchObject({
      code: 'not_found',
    })
  })

  test('comes with a document and with an update of it', async () => {
    const document = await add({ access: { groups: ['Partners'] }, external_id: 'one' })
    expect(await accessOf(document)).toEqual({ users: [], groups: ['Partners'] })
    const again = { title: 'One', content: 'Another text.', external_id: 'one' }
    await on.ask.ada('add_document', again)
    expect(await accessOf(document)).toEqual({ users: [], groups: ['Partners'] })
    const closer = { document_id: document, access: { users: ['ada'] } }
    expect(await on.ask.ada('update_document', closer)).toMatchObject({ status: 'updated', version: 2 })
    expect(await on.ask.ada('update_document', closer)).toMatchObject({ status: 'unchanged', version: 2 })
    expect(await on.ask.ada('add_document', { ...again, access: 'everyone' })).toMatchObject({
      status: 'updated',
    })
    expect(await accessOf(document)).toBe('everyone')
  })

  test.each<[what: string, access: object, issues: object[]]>([
    [
      'users and groups that there are not, each by name',
      { users: ['ada', 'bobby'], groups: ['Partners', 'Partner', NOT_THERE] },
      [
        { field: 'access.users', message: 'there is no user "bobby" in this tenant' },
        { field: 'access.groups', message: `there is no group "${NOT_THERE}" in this tenant` },
        { field: 'access.groups', message: 'there is no group "Partner" in this tenant' },
      ],
    ],
    ['names that cannot be stored', { users: ['a\0'] }, [expect.objectContaining({ field: 'access.users' })]],
    ['more than users and groups', { roles: ['admin'] }, [expect.anything()]],
    [
      'a list that is too long',
      { users: Array.from({ length: 201 }, (_, at) => `u${at}`) },
      [expect.anything()],
    ],
  ])('is refused with %s, and nothing is added', async (_, access, issues) => {
    const refused = await refusalOf(add({ access, external_id: 'refused' }))
    expect(refused).toMatchObject({ code: 'invalid_input' })
    expect(refused?.issues).toEqual(expect.arrayContaining(issues))
    expect(await on.ask.admin('list_documents', {})).toEqual({ documents: [] })
  })
})

describe('equal lists are one', () => {
  test('whoever makes them, in whichever order, at the same time', async () => {
    const documents = await Promise.all(Array.from({ length: 6 }, () => add()))
    const access = (at: number) =>
      at % 2 === 0
        ? { users: ['ada', 'bob'], groups: ['Partners'] }
        : { groups: [on.partners], users: ['bob', 'ada'] }
    const set = documents.map((document, at) =>
      on.ask.admin('set_document_access', { document, access: access(at) }),
    )
    expect(await Promise.all(set)).toHaveLength(6)
    expect(await lists()).toBe(1)
  })

  test('and go with the last document that names them', async () => {
    const [one, two] = [await add({ access: { users: ['ada'] } }), await add({ access: { users: ['ada'] } })]
    await on.ask.ada('set_document_access', { document: one, access: { groups: ['Partners'] } })
    expect(await lists()).toBe(2)
    await on.ask.ada('set_document_access', { document: one, access: 'everyone' })
    expect(await lists()).toBe(1)
    await on.ask.ada('delete_document', { document_id: two })
    expect(await lists()).toBe(0)
    expect(await db.asAdmin('select from app.access_entry where tenant_id = $1', [on.tenantId])).toEqual([])
  })
})

describe('RL32 a file on its way in', () => {
  const file = (text: string, more: object = {}) => ({
    data: Buffer.from(text).toString('base64'),
    name: 'mandate.txt',
    ...more,
  })
  const bring = async (person: 'ada' | 'bob' | 'eve', operation: string, input: object): Promise<string> =>
    String((await on.ask[person](operation, input)).ingestion_id)
  const seenBy = async (person: 'ada' | 'bob' | 'eve' | 'admin', id: string) => {
    const { ingestions } = await on.ask[person]<{ ingestions: { ingestion_id: string }[] }>(
      'list_ingestions',
      {},
    )
    const { events } = await on.ask[person]<{ events: unknown[] }>('follow_ingestions', {
      ingestions: [{ ingestion_id: id }],
    })
    return [ingestions.some(one => one.ingestion_id === id), events.length > 0]
  }
  const endOf = async (id: string) => {
    const [row] = await db.asAdmin('select state, outcome, fault from app.ingestion where id = $1', [id])
    return row
  }

  test('is its bringer’s alone until it is a document, and then of those who may read that', async () => {
    const id = await bring('ada', 'add_document', file('A mandate.', { access: { groups: ['Partners'] } }))
    expect(await Promise.all((['ada', 'eve', 'admin'] as const).map(one => seenBy(one, id)))).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ])
    await runner.run(on.tenantId, id)
    expect(await endOf(id)).toMatchObject({ state: 'done', outcome: 'added' })
    const { documents } = await on.ask.ada<{ documents: { document_id: string }[] }>('list_documents', {})
    const document = String(documents[0]?.document_id)
    expect(await accessOf(document)).toEqual({ users: [], groups: ['Partners'] })
    expect(await seenBy('eve', id)).toEqual([false, false])
    await on.ask.admin('set_document_access', { document, access: { users: ['bob'] } })
    expect(await seenBy('ada', id)).toEqual([false, false])
    expect(await seenBy('bob', id)).toEqual([true, true])
    await on.ask.bob('set_document_access', { document, access: 'everyone' })
    expect(await seenBy('eve', id)).toEqual([true, true])
    // The same file again, for some: nothing to read, but to close.
    const again = { document_id: document, ...file('A mandate.', { access: { users: ['bob'] } }) }
    expect(await on.ask.bob('update_document', again)).toMatchObject({ status: 'updated' })
    expect(await seenBy('eve', id)).toEqual([false, false])
  })

  test('changes no document that was closed to its bringer meanwhile, or always was', async () => {
    const document = await add({ external_id: 'known' })
    const byId = await bring('eve', 'update_document', { document_id: document, ...file('Mine.') })
    const byKey = await bring('eve', 'add_document', file('Mine.', { external_id: 'known' }))
    await on.ask.admin('set_document_access', { document, access: { users: ['bob'] } })
    const late = await bring('eve', 'add_document', file('Mine, late.', { external_id: 'known' }))
    for (const id of [byId, byKey, late]) await runner.run(on.tenantId, id)
    expect(await endOf(byId)).toMatchObject({ state: 'failed', fault: { code: 'not_found' } })
    expect(await endOf(byKey)).toMatchObject({ state: 'failed', fault: { reason: 'external_id_taken' } })
    expect(await endOf(late)).toMatchObject({ state: 'failed', fault: { reason: 'external_id_taken' } })
    expect(await on.ask.bob('retrieve_document', { document_id: document })).toMatchObject({ version: 1 })
    const retry = { ingestion_id: byId }
    expect(await refusalOf(on.ask.eve('retry_ingestion', retry))).toMatchObject({ code: 'not_found' })
    expect(await refusalOf(on.ask.ada('retry_ingestion', { ingestion_id: late }))).toMatchObject({
      code: 'not_found',
    })
    const theirs = await bring('bob', 'add_document', file('Ours.', { external_id: 'known' }))
    await runner.run(on.tenantId, theirs)
    expect(await endOf(theirs)).toMatchObject({ state: 'done', outcome: 'updated' })
    expect(await accessOf(document)).toEqual({ users: ['bob'], groups: [] })
  })

  test('keeps its bytes while a document needs them that is closed to whoever deletes another of the same file', async () => {
    const ids = [
      await bring('ada', 'add_document', file('One file.', { access: { groups: ['Partners'] } })),
      await bring('eve', 'add_document', file('One file.')),
    ]
    await db.asAdmin(
      'update app.ingestion set blob_id = (select blob_id from app.ingestion where id = $1) where id = $2',
      ids,
    )
    for (const id of ids) await runner.run(on.tenantId, id)
    const [row] = await db.asAdmin('select document_id::text as id from app.ingestion where id = $1', [
      ids[1],
    ])
    await on.ask.eve('delete_document', { document_id: row?.['id'] })
    const left = await db.asAdmin(
      `select from app.document_version v join app.blob b on b.tenant_id = v.tenant_id and b.id = v.blob_id
       where v.tenant_id = $1`,
      [on.tenantId],
    )
    expect(left).toHaveLength(1)
  })

  test('is refused at once with people that there are not', async () => {
    const refused = await refusalOf(
      on.ask.ada('add_document', file('A mandate.', { access: { groups: ['None'] } })),
    )
    expect(refused).toMatchObject({ code: 'invalid_input', issues: [{ field: 'access.groups' }] })
  })
})
