// Documents that some of a tenant's people may not read: for those they are not there, from the next query of every
// process on, whichever way they ask.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openAccessGround, type AccessGround, type Person } from '../harness/access-ground.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll } from '../harness/publish.ts'
import { refusalOf, stateOf } from '../harness/refusal.ts'
import { raw } from './two-tenants.ts'

const SECRET = 'The zanzibar memorandum of the harbour is kept under Section 7.4 of the quayside rules.'
const OPEN = 'The lighthouse of the harbour is open to everyone, says section 2.1 of its rules.'

let db: TestDatabase
let on: AccessGround
let closed: string
let open: string
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  on = await openAccessGround(db)
  closed = await add('Secret', SECRET, {
    external_id: 'secret',
    labels: ['mandate'],
    metadata: { year: 1897 },
  })
  open = await add('Lighthouse', OPEN)
  await embedAll(db.database, on.tenantId)
})

const add = async (title: string, content: string, more: object = {}): Promise<string> =>
  String((await on.ask.ada('add_document', { title, content, ...more })).document_id)
const close = (access: unknown = { users: ['bob'], groups: ['Partners'] }, by: Person = 'admin') =>
  on.ask[by]('set_document_access', { document: closed, access })
const titlesOf = (answer: Record<string, unknown>): string[] =>
  (answer['hits'] as { title: string }[]).map(({ title }) => title)

/** Every way in which a caller may come upon a document, and what it shows; nothing that differs from call to call. */
const WAYS: readonly [name: string, operation: string, input: (id: string) => object][] = [
  ['words', 'search_documents', () => ({ query: 'memorandum harbour' })],
  ['words, explained', 'search_documents', () => ({ query: 'memorandum of the harbour', explain: true })],
  ['words and likeness', 'hybrid_search', () => ({ query: 'harbour memorandum' })],
  ['likeness', 'hybrid_search', () => ({ query: 'zanzibar memorandum', vector_weight: 1 })],
  ['a phrase', 'hybrid_search', () => ({ query: '"zanzibar memorandum"' })],
  ['a citation', 'hybrid_search', () => ({ query: 'section 7.4' })],
  ['an exclusion', 'hybrid_search', () => ({ query: 'harbour -lighthouse' })],
  ['a filter', 'hybrid_search', () => ({ query: 'harbour', filter: { labels: ['mandate'] } })],
  ['metadata', 'search_documents', () => ({ query: 'harbour', filter: { metadata: { year: 1897 } } })],
  ['a misspelled word', 'search_documents', () => ({ query: 'zanzibat harbour' })],
  ['a rare word', 'search_documents', () => ({ query: 'zanzibar quayside' })],
  ['documents ranked', 'rank_documents', () => ({ queries: ['harbour memorandum'] })],
  ['the list', 'list_documents', () => ({})],
  ['the list, filtered', 'list_documents', () => ({ filter: { labels: ['mandate'] } })],
  ['its text', 'retrieve_document', id => ({ document_id: id })],
  ['its first version', 'retrieve_document', id => ({ document_id: id, version: 1 })],
  ['why it is not there', 'explain_search', id => ({ query: 'harbour memorandum', document: id })],
  ['why, by its key', 'explain_search', () => ({ query: 'harbour memorandum', document: 'secret' })],
  ['why another is there', 'explain_search', () => ({ query: 'zanzibar harbour', document: open })],
  ['who may read it', 'get_document_access', id => ({ document: id })],
  ['opening it', 'set_document_access', id => ({ document: id, access: 'everyone' })],
  ['a new text of it', 'update_document', id => ({ document_id: id, content: 'Mine.', title: 'Mine' })],
  ['a new title', 'update_document', id => ({ document_id: id, title: 'Mine' })],
  ['a new file of it', 'update_document', id => ({ document_id: id, data: 'TWluZS4=', name: 'a.txt' })],
  ['deleting it', 'delete_document', id => ({ document_id: id })],
]

/** What the caller gets, answer or refusal, as bytes; ids of chunks and places are parts of it. */
async function bytesOf(person: Person, [, operation, input]: (typeof WAYS)[number], id: string) {
  try {
    const answer = JSON.stringify(await on.ask[person](operation, input(id)))
    return answer.replaceAll(/,"milliseconds":[^}]*/g, '')
  } catch (error) {
    const { code, say, reason, issues } = error as Record<string, unknown>
    return JSON.stringify({ code, say, reason, issues })
  }
}
const shows = (bytes: string): boolean =>
  bytes.includes(closed) || /The zanzibar|Secret|1897|"mandate"/.test(bytes)

describe('RL32 a document that is closed to somebody', () => {
  test('is not there for him whichever way he asks: what he gets is, to the byte, what he gets when it is deleted', async () => {
    await close()
    const whileClosed: string[] = []
    for (const way of WAYS) whileClosed.push(await bytesOf('eve', way, closed))
    for (const [at, bytes] of whileClosed.entries())
      expect(shows(bytes), `${WAYS[at]?.[0] ?? ''}: ${bytes}`).toBe(false)
    for (const way of WAYS.slice(0, 16)) expect(shows(await bytesOf('bob', way, closed)), way[0]).toBe(true)
    await on.ask.bob('delete_document', { document_id: closed })
    for (const [at, way] of WAYS.entries()) {
      const [name] = way
      const gone = await bytesOf('eve', way, closed)
      // Scores are the tenant's: with the document its words leave the statistics.
      const unscored = (bytes: string) =>
        bytes.replaceAll(/-?\d+\.\d+(e-?\d+)?/g, 'x').replaceAll(/"df":\d+/g, '')
      expect(unscored(whileClosed[at] ?? ''), name).toBe(unscored(gone))
      expect(await bytesOf('eve', way, uuidv7()), name).toBe(gone)
    }
  })

  test('is gone at the next query of every process, cached or not, and back as soon as it is opened', async () => {
    const ask = { query: 'harbour memorandum' }
    const all = [on.ask.eve, on.elsewhere('eve'), on.ask.ada, on.elsewhere('ada'), on.ask.admin]
    const each = () => Promise.all(all.map(async one => titlesOf(await one('hybrid_search', ask))))
    const [both, one] = [['Secret', 'Lighthouse'], ['Lighthouse']]
    expect(await each()).toEqual([both, both, both, both, both])
    await close()
    expect(await each()).toEqual([one, one, both, both, both])
    expect(await each()).toEqual([one, one, both, both, both])
    await on.leave('ada')
    expect(await each()).toEqual([one, one, one, one, both])
    await on.join('eve')
    expect(await each()).toEqual([both, both, one, one, both])
    await close('everyone')
    expect(await each()).toEqual([both, both, both, both, both])
    await on.ask.admin('delete_document', { document_id: closed })
    expect(await each()).toEqual([one, one, one, one, one])
  })

  test('has no word that is known to him or offered to him, though others are corrected to it', async () => {
    await close()
    const corrections = async (person: Person, query: string) =>
      ((await on.ask[person]('search_documents', { query }))['searched'] as Record<string, unknown>)[
        'corrections'
      ]
    expect(await corrections('ada', 'zanzibat harbour')).toEqual([{ from: 'zanzibat', to: 'zanzibar' }])
    expect(await corrections('eve', 'zanzibat harbour')).toBeUndefined()
    // "quayside" is in the closed one alone: to eve it is a misspelling like any other.
    await add('Quays', 'A quaysize of the harbour.')
    expect(await corrections('ada', 'quayside')).toBeUndefined()
    expect(await corrections('eve', 'quayside')).toEqual([{ from: 'quayside', to: 'quaysize' }])
  })

  test('keeps its external_id, which nobody else can take, and says no more than that', async () => {
    await close()
    const text = { title: 'Mine', content: 'Mine alone.', external_id: 'secret' }
    expect(await refusalOf(on.ask.eve('add_document', text))).toMatchObject({
      code: 'conflict',
      reason: 'external_id_taken',
    })
    expect(await on.ask.bob('add_document', text)).toMatchObject({ status: 'updated', document_id: closed })
  })

  test('may not be closed by one who would be shut out, unless he reads all', async () => {
    expect(await refusalOf(close({ users: ['eve'] }, 'bob'))).toMatchObject({
      code: 'invalid_input',
      reason: 'would_lock_you_out',
    })
    expect(await close({ groups: ['Partners'] }, 'ada')).toMatchObject({ changed: true })
    expect(await close({ users: [], groups: [] })).toMatchObject({ access: { users: [], groups: [] } })
    expect(await refusalOf(on.ask.ada('retrieve_document', { document_id: closed }))).toMatchObject({
      code: 'not_found',
    })
  })
})

describe('RL32 SQL that was smuggled into the call of somebody', () => {
  test('sees in no table a row of a document that is closed to him; the tables are asked of the catalog', async () => {
    await close()
    const [version] = await db.asAdmin('select id::text from app.document_version where document_id = $1', [
      closed,
    ])
    const ids = [closed, String(version?.['id'])]
    const tables = await db.asAdmin(`
      select c.oid::regclass::text as name, (select string_agg(format('%I', a.attname), ', ') from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and a.atttypid = 'uuid'::regtype and a.attname <> 'tenant_id') as keys
      from pg_class c
      where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and has_any_column_privilege('gatehouse_app', c.oid, 'select')`)
    const seen = async (person: Person) => {
      const names: string[] = []
      for (const { name, keys } of tables) {
        if (typeof keys !== 'string') continue
        const [row] = await db.database.readAs(on.scopeOf(person), tx =>
          tx.all<{ n: number }>(
            raw(`select count(*)::int as n from ${String(name)}
                 where array[${keys}] && '{${ids.join(',')}}'::uuid[]`),
          ),
        )
        if ((row?.n ?? 0) > 0) names.push(String(name))
      }
      return names
    }
    expect(await seen('bob')).toEqual(
      expect.arrayContaining([
        'app.document',
        'app.document_version',
        'app.document_field',
        'app.version_text',
        'app.chunk',
        'app.posting',
        'app.vector_1',
      ]),
    )
    expect(await seen('eve')).toEqual([])
  })

  test('sees nothing of a version that is being built or cleared away, and no word of it is known to a search', async () => {
    await close()
    const building = [on.tenantId, uuidv7(), uuidv7(), closed]
    const ofClosed = 'where x.version_id = (select d.current_version_id from app.document d where d.id = $4)'
    const copied = `$1::uuid is not null and $2::uuid is not null and $3::uuid is not null`
    await db.asAdmin(
      `insert into app.chunk select (jsonb_populate_record(x, jsonb_build_object('version_id', $2::uuid, 'id', $3::uuid))).*
       from app.chunk x ${ofClosed} and ${copied}`,
      building,
    )
    await db.asAdmin(
      `insert into app.posting
       select (jsonb_populate_record(x, jsonb_build_object('version_id', $2::uuid, 'chunk_id', $3::uuid))).*
       from app.posting x ${ofClosed} and ${copied}`,
      building,
    )
    await db.asAdmin('insert into app.hidden_version (tenant_id, version_id) values ($1, $2)', [
      on.tenantId,
      building[1],
    ])
    const seen = (person: Person) =>
      db.database.readAs(on.scopeOf(person), tx =>
        tx.all(sql<{ chunks: number; postings: number }>`
          select (select count(*)::int from app.chunk where version_id = ${building[1]}) as chunks,
            (select count(*)::int from app.posting where version_id = ${building[1]} and term = 'zanzibar') as postings`),
      )
    expect(await seen('admin')).toEqual([{ chunks: 1, postings: 1 }])
    expect(await seen('eve')).toEqual([{ chunks: 0, postings: 0 }])
    const { searched } = await on.ask.eve('search_documents', { query: 'zanzibat harbour' })
    expect((searched as Record<string, unknown>)['corrections']).toBeUndefined()
  })

  const closing: [what: string, text: string][] = [
    ['add himself to the list', `insert into app.access_entry values ('$tenant', 1, 'user', 'eve')`],
    ['take others off the list', `delete from app.access_entry`],
    ['make a list of his own', `insert into app.access_list values ('$tenant', 2, '\\x00')`],
    ['bend a list', `update app.access_list set digest = '\\x00'`],
    [
      'put himself into the group',
      `insert into app.group_member select tenant_id, id, 'eve' from app.user_group`,
    ],
    ['call himself by another name', `update app.tenant_user set id = 'ada'`],
  ]
  test.each(closing)('cannot %s', async (_, text) => {
    await close()
    const statement = raw(text.replaceAll('$tenant', on.tenantId))
    expect(await stateOf(db.database.writeAs(on.scopeOf('eve'), tx => tx.run(statement)))).toBe('42501')
  })

  test('opens, closes, changes and deletes nothing that is closed to him', async () => {
    await close()
    const touched = await db.database.writeAs(on.scopeOf('eve'), async tx => [
      await tx.run(sql`update app.document set access_id = null where id = ${closed}`),
      await tx.run(sql`update app.document set title = title where id = ${closed}`),
      await tx.run(sql`delete from app.document where id = ${closed}`),
      await tx.run(
        sql`delete from app.posting where chunk_id in (select id from app.chunk where content like '%zanz%')`,
      ),
    ])
    expect(touched).toEqual([0, 0, 0, 0])
    expect(await refusalOf(on.ask.bob('retrieve_document', { document_id: closed }))).toBeUndefined()
  })
})
