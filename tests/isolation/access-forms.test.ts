// The policies of documents have two forms: to name what is closed to the caller, or, for whoever may read few, what is
// open. Whatever documents, lists and groups there are, both show the same rows.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Reader } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { raw } from './two-tenants.ts'

const PEOPLE = ['ada', 'bob', 'eve']
const GROUPS = ['red', 'blue']

/** Which list each document names (0: none), who is on each list, and who is in each group. */
interface World {
  readonly documents: readonly number[]
  readonly lists: readonly { readonly users: readonly string[]; readonly groups: readonly string[] }[]
  readonly members: readonly { readonly group: string; readonly user: string }[]
}

const LISTS = 4
const worlds: fc.Arbitrary<World> = fc.record({
  documents: fc.array(fc.integer({ min: 0, max: LISTS }), { minLength: 1, maxLength: 12 }),
  lists: fc.array(fc.record({ users: fc.subarray(PEOPLE), groups: fc.subarray(GROUPS) }), {
    minLength: LISTS,
    maxLength: LISTS,
  }),
  members: fc.subarray(GROUPS.flatMap(group => PEOPLE.map(user => ({ group, user })))),
})

const TABLES = ['document', 'chunk', 'posting', 'vector_1']
const SEEN = TABLES.map(
  name =>
    `select '${name}' as name, array(select ${name === 'document' ? 'id' : 'chunk_id'}::text from app.${name} order by 1) as ids`,
)
  .join(' union all ')
  .replaceAll('chunk_id::text from app.chunk', 'id::text from app.chunk')

// The functions are exchanged by the administrator, whom the embedded engine does not have beside it.
describe.runIf(inject('engine') === 'postgres')('RL32 the two forms of the policies', () => {
  let db: TestDatabase
  let tenantId: string
  let real: string
  beforeAll(async () => {
    db = await openTestDatabase()
    tenantId = await db.createTenant()
    const [row] = await db.asAdmin(`select pg_get_functiondef('app.reads_few()'::regprocedure) as text`)
    real = String(row?.['text'])
  })
  afterAll(() => db.close())

  const answer = (value: string) =>
    db.asAdmin(
      `create or replace function app.reads_few() returns boolean language sql stable security definer as 'select ${value}'`,
    )
  const seenBy = (subject: string) =>
    db.database.readAs({ tenantId, subject, reads: 'listed' }, (tx: Reader) =>
      tx.all<{ name: string; ids: string[] }>(raw(SEEN)),
    )

  test('show the same rows of every table that searches read, whatever the lists, and what the rule chooses is one of them', async () => {
    let few = 0
    let rows = 0
    await fc.assert(
      fc.asyncProperty(worlds, async world => {
        await populate(db, tenantId, world)
        for (const subject of [...PEOPLE, 'nobody']) {
          await answer('true')
          const named = await seenBy(subject)
          await answer('false')
          const subtracted = await seenBy(subject)
          await db.asAdmin(real)
          const chosen = await seenBy(subject)
          const expected = readable(world, subject)
          expect(named).toEqual(subtracted)
          expect(chosen).toEqual(subtracted)
          expect(subtracted.map(({ ids }) => ids.length)).toEqual(TABLES.map(() => expected))
          rows += expected
          const [row] = await db.database.readAs({ tenantId, subject, reads: 'listed' }, tx =>
            tx.all<{ few: boolean }>(sql`select app.reads_few() as few`),
          )
          if (row?.few === true) few++
        }
      }),
      { numRuns: 12 },
    )
    // Both forms were chosen, and there was something to see.
    expect(few).toBeGreaterThan(0)
    expect(rows).toBeGreaterThan(few)
  })

  test('a writer is never shown by the form that knows current versions alone, nor is one who reads all', async () => {
    await populate(db, tenantId, {
      documents: [1, 2, 2, 2, 2, 2],
      lists: [
        { users: ['ada'], groups: [] },
        ...Array.from({ length: 3 }, () => ({ users: [], groups: [] })),
      ],
      members: [],
    })
    const asked = sql<{ few: boolean }>`select app.reads_few() as few`
    const ada = { tenantId, subject: 'ada', reads: 'listed' } as const
    expect(await db.database.readAs(ada, tx => tx.all(asked))).toEqual([{ few: true }])
    expect(await db.database.writeAs(ada, tx => tx.all(asked))).toEqual([{ few: false }])
    expect(await db.database.readAs({ ...ada, reads: 'all' }, tx => tx.all(asked))).toEqual([{ few: false }])
  })
})

/** How many documents somebody may read, by the rule in words: one on no list, or on a list with him or a group of his. */
function readable({ documents, lists, members }: World, subject: string): number {
  const groups = members.filter(({ user }) => user === subject).map(({ group }) => group)
  return documents.filter(list => {
    const of = lists[list - 1]
    return of === undefined || of.users.includes(subject) || of.groups.some(group => groups.includes(group))
  }).length
}

/** That world, and nothing else, in the tenant: a chunk, a posting and a vector for each document. */
async function populate(db: TestDatabase, tenantId: string, world: World): Promise<void> {
  const ids = new Map(GROUPS.map(name => [name, uuidv7()]))
  const groupId = (name: string) => String(ids.get(name))
  const script = [
    ...[
      'document',
      'chunk',
      'posting',
      'vector_1',
      'access_list',
      'tenant_user',
      'user_group',
      'corpus_language',
    ].map(name => `delete from app.${name} where tenant_id = '${tenantId}'`),
    ...PEOPLE.map(
      id =>
        `insert into app.tenant_user (tenant_id, id, name, role) values ('${tenantId}', '${id}', '${id}', 'member')`,
    ),
    ...GROUPS.map(
      name =>
        `insert into app.user_group (tenant_id, id, name) values ('${tenantId}', '${groupId(name)}', '${name}')`,
    ),
    ...world.members.map(
      ({ group, user }) =>
        `insert into app.group_member values ('${tenantId}', '${groupId(group)}', '${user}')`,
    ),
    ...world.lists.flatMap(({ users, groups }, at) => [
      `insert into app.access_list values ('${tenantId}', ${at + 1}, sha256('${at}'))`,
      ...users.map(
        user => `insert into app.access_entry values ('${tenantId}', ${at + 1}, 'user', '${user}')`,
      ),
      ...groups.map(
        name => `insert into app.access_entry values ('${tenantId}', ${at + 1}, 'group', '${groupId(name)}')`,
      ),
    ]),
    ...world.documents.flatMap(list => documentOf(tenantId, list)),
    `insert into app.corpus_language (tenant_id, language, documents) values ('${tenantId}', 'english', ${world.documents.length})`,
  ]
  await db.asAdmin(`do $do$ begin ${script.join('; ')}; end $do$`)
}

function documentOf(tenantId: string, list: number): string[] {
  const [id, version, chunk] = [uuidv7(), uuidv7(), uuidv7()]
  return [
    `insert into app.document
       (tenant_id, id, title, format, current_version, current_version_id, file_type, language, access_id)
     values ('${tenantId}', '${id}', 'a', 'text', 1, '${version}', 'text', 'english', nullif(${list}, 0))`,
    `insert into app.chunk (tenant_id, id, version_id, ordinal, start_at, end_at, content, length, tokens)
     values ('${tenantId}', '${chunk}', '${version}', 0, 0, 1, 'a', 1, 1)`,
    `insert into app.posting (tenant_id, term, chunk_id, version_id, tf, length)
     values ('${tenantId}', 'a', '${chunk}', '${version}', 1, 1)`,
    `insert into app.vector_1 (tenant_id, chunk_id, version_id, embedding)
     values ('${tenantId}', '${chunk}', '${version}',
       (select array_agg(0.5::real) from generate_series(1, (select dimension from app.embedding_model where number = 1)))::halfvec)`,
  ]
}
