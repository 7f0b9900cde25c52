// Users and groups by outcome, through all stages of a call: what they become, and every refusal with its reason.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgetTasksOf } from '../../src/features/agents/tasks/forget-tasks-of.ts'
import { leaveAccessLists } from '../../src/features/documents/access/leave-access-lists.ts'
import { operations } from '../../src/features/people/operations.ts'
import { revokeKeysOf } from '../../src/gate/keys/revoke-keys-of.ts'
import type { TenantPrincipal } from '../../src/gate/call.ts'
import { callOpener } from '../../src/gate/open-call.ts'
import { recorder } from '../../src/gate/record.ts'
import { ROLE_SCOPES } from '../../src/gate/roles.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { standings } from '../../src/gate/standing/standings.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { asFault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { unpaid } from '../harness/unpaid.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'

let db: TestDatabase
let acme: string
let globex: string
const known = standings()
const refreshTrust = () =>
  db.database.system('load_keys', async tx => void (await known.load(tx, Date.now())))
const catalog = operations({ refreshTrust, leaveAccessLists, revokeKeysOf, forgetTasksOf })

beforeAll(async () => {
  db = await openTestDatabase()
  acme = await db.createTenant('acme')
  globex = await db.createTenant('globex')
  for (const [id, role] of [
    ['olga', 'owner'],
    ['adam', 'admin'],
  ] as const)
    await ask('create_user', { id, name: id, role })
})
afterAll(() => db.close())

interface As {
  readonly tenantId?: string
  readonly subject?: string
  readonly scopes?: readonly string[]
}
type Answer = Record<string, Record<string, unknown>>

/** As an operator with all scopes, in acme, where nothing else is said. */
async function ask(
  name: string,
  input: object,
  { tenantId = acme, subject = 'operator:root', scopes = ROLE_SCOPES.owner }: As = {},
): Promise<Answer> {
  const operation = catalog.find(one => one.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  const principal: TenantPrincipal = {
    realm: 'tenant',
    tenantId,
    subject,
    scopes: new Set(scopes),
    tokenId: 'test',
    expiresAt: 4_102_444_800,
  }
  const run = operationRunner({
    takeToken: () => undefined,
    record: recorder({ database: db.database, log: createLogger('silent') }),
  })
  const context = { requestId: `test-${name}`, signal: AbortSignal.timeout(30_000) }
  return (await run(
    operation,
    input,
    callOpener({ database: db.database, spendAs: unpaid })(operation, principal, context),
  )) as Answer
}
const asAdam: As = { subject: 'adam', scopes: ROLE_SCOPES.admin }
const asOlga: As = { subject: 'olga' }
const newUser = async (role: string, id = `u-${uuidv7()}`): Promise<string> => {
  await ask('create_user', { id, name: id, role })
  return id
}
const read = (tenantId: string, subject: string) =>
  db.database.readAs({ tenantId, subject, reads: 'all' }, tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant_user where tenant_id = ${tenantId}`),
  )

describe('users', () => {
  test('a created user is there with its e-mail in lower case, in its own tenant only', async () => {
    const input = { id: 'grace', name: 'Grace Hopper', email: 'Grace@Navy.MIL', role: 'member' }
    const { user } = await ask('create_user', input)
    expect(user).toMatchObject({ id: 'grace', email: 'grace@navy.mil', role: 'member', status: 'active' })
    expect((await ask('get_user', { id: 'grace' }))['user']).toEqual({ ...user, groups: [] })
    const elsewhere = ask('get_user', { id: 'grace' }, { tenantId: globex })
    await expect(elsewhere).rejects.toMatchObject({ code: 'not_found', reason: 'unknown_user' })
    await ask('create_user', input, { tenantId: globex })
  })

  test('update changes what is given and leaves the rest', async () => {
    const id = await newUser('reader')
    await ask('update_user', { id, email: 'A@B.example' })
    const { user } = await ask('update_user', { id, role: 'member' })
    expect(user).toMatchObject({ id, name: id, email: 'a@b.example', role: 'member' })
    expect((await ask('update_user', { id, email: null }))['user']).toMatchObject({ email: null })
  })

  test('they are listed page by page, in the order of their ids', async () => {
    const listed: unknown[] = []
    let after: string | undefined
    for (let pages = 0; pages < 50; pages++) {
      const page = (await ask('list_users', {
        limit: 2,
        ...(after === undefined ? {} : { after }),
      })) as unknown as {
        users: { id: string }[]
        next: string | null
      }
      listed.push(...page.users.map(({ id }) => id))
      if (page.next === null) break
      after = page.next
    }
    const all = (await read(acme, 'operator:root')).map(({ id }) => id)
    expect(listed).toEqual(all.sort())
  })

  test('they are found by a part of their names, role, status and group, and show their groups', async () => {
    const idsOf = async (asked: object) =>
      (
        (await ask('list_users', asked)) as unknown as { users: { id: string; groups: string[] }[] }
      ).users.map(({ id, groups }) => `${id}: ${groups.join()}`)
    const [one, other] = [await newUser('reader'), await newUser('reader')]
    await ask('update_user', { id: one, name: 'Percy 100%_Sure' })
    await ask('create_group', { name: `of ${one}` })
    await ask('add_group_member', { group: `of ${one}`, user: one })
    await ask('disable_user', { id: other })
    expect(await idsOf({ find: '%_sURE' })).toEqual([`${one}: of ${one}`])
    expect(await idsOf({ group: `of ${one}`, find: one, role: 'reader', status: 'active' })).toHaveLength(1)
    for (const asked of [{ role: 'member' as const }, { status: 'disabled' as const }, { find: 'zz nobody' }])
      expect(await idsOf({ group: `of ${one}`, ...asked })).toEqual([])
    expect(await idsOf({ status: 'disabled' })).toContain(`${other}: `)
  })

  test.each([
    ['an id that exists', { id: 'olga', name: 'x', role: 'reader' }, 'conflict', 'user_exists'],
    [
      'an e-mail address in use',
      { id: 'new', name: 'x', email: 'GRACE@navy.mil', role: 'reader' },
      'conflict',
      'email_taken',
    ],
    ['a reserved id', { id: 'gatehouse:audit', name: 'x', role: 'reader' }, 'invalid_input', undefined],
    ["a service's id", { id: 'service:x', name: 'x', role: 'reader' }, 'invalid_input', undefined],
    ["an operator's id", { id: 'operator:x', name: 'x', role: 'reader' }, 'invalid_input', undefined],
    ['no e-mail address', { id: 'new', name: 'x', email: 'x@', role: 'reader' }, 'invalid_input', undefined],
    ['an unknown role', { id: 'new', name: 'x', role: 'root' }, 'invalid_input', undefined],
    ['an invisible name', { id: 'new', name: '\u200b', role: 'reader' }, 'invalid_input', undefined],
  ])('%s is refused', async (_what, input, code, reason) => {
    await expect(ask('create_user', input)).rejects.toMatchObject({ code, reason })
  })

  test('the e-mail address of another user is refused to an update too', async () => {
    const refused = ask('update_user', { id: 'adam', email: 'grace@navy.mil' })
    await expect(refused).rejects.toMatchObject({ code: 'conflict', reason: 'email_taken' })
  })

  test.each(['get_user', 'update_user', 'disable_user', 'enable_user', 'remove_user'])(
    'not_found: %s of a user that is not there',
    async name => {
      const input = { id: 'nobody', ...(name === 'update_user' ? { name: 'x' } : {}) }
      await expect(ask(name, input)).rejects.toMatchObject({ code: 'not_found', reason: 'unknown_user' })
    },
  )
})

describe('who is refused', () => {
  test('a disabled user cannot make one statement more, and can again when enabled', async () => {
    const id = await newUser('member')
    await expect(read(acme, id)).resolves.toBeDefined()
    await ask('disable_user', { id })
    await expect(read(acme, id)).rejects.toMatchObject({ code: 'forbidden', reason: 'user_disabled' })
    expect(known.standingOf(acme, id)).toMatchObject({ isDisabled: true })
    await ask('enable_user', { id })
    await expect(read(acme, id)).resolves.toBeDefined()
    expect(known.standingOf(acme, id)).toEqual({
      role: 'member',
      isDisabled: false,
      tenantIsActive: true,
      tokensFrom: 0,
    })
  })

  test('a removed user stays refused, until the id is created again, to which older tokens do not speak', async () => {
    const id = await newUser('owner')
    await ask('remove_user', { id })
    await expect(read(acme, id)).rejects.toMatchObject({ reason: 'user_disabled' })
    expect(known.standingOf(acme, id)).toMatchObject({ isDisabled: true })
    await expect(ask('enable_user', { id })).rejects.toMatchObject({ code: 'not_found' })
    const before = Math.floor(Date.now() / 1_000)
    await newUser('reader', id)
    const again = known.standingOf(acme, id)
    expect(again).toMatchObject({ role: 'reader', isDisabled: false })
    expect(again.tokensFrom).toBeGreaterThanOrEqual(before)
    // Later changes leave that time as it is.
    await ask('update_user', { id, role: 'member' })
    expect(known.standingOf(acme, id)).toMatchObject({ role: 'member', tokensFrom: again.tokensFrom })
  })

  test('a removed user leaves its groups, its keys and the access lists', async () => {
    const id = await newUser('member')
    const other = await newUser('member')
    const groupId = String((await ask('create_group', { name: `g-${id}` }))['group']?.['id'])
    await ask('add_group_member', { group: groupId, user: id })
    const [alone, both] = [await closedDocument([id]), await closedDocument([id, other])]
    await insertKey(id)
    await ask('remove_user', { id })
    expect((await ask('list_users', { group: groupId }))['users']).toEqual([])
    expect(await mayRead(other)).toEqual([both])
    // The same id, created again, has nothing of it.
    await newUser('member', id)
    expect(await mayRead(id)).toEqual([])
    expect((await ask('get_user', { id }))['user']).toMatchObject({ groups: [] })
    const [key] = await db.database.readAs({ tenantId: acme, subject: 'operator:root' }, tx =>
      tx.all(
        sql<{
          revoked: boolean
        }>`select revoked_at is not null as revoked from app.api_key where user_id = ${id}`,
      ),
    )
    expect(key).toEqual({ revoked: true })
    expect(await readersOf(alone)).toEqual([])
  })
})

const asTenant = {
  get tenantId() {
    return acme
  },
  subject: 'operator:root',
  reads: 'all',
  rights: ['people'],
} as const

async function closedDocument(users: string[], groups: string[] = []): Promise<string> {
  const id = uuidv7()
  await db.database.writeAs(asTenant, async tx => {
    await tx.run(sql`
      insert into app.document
        (tenant_id, id, title, format, current_version, current_version_id, file_type, language, access_id)
      values (${acme}, ${id}, 'closed', 'text', 1, ${uuidv7()}, 'text', 'english',
        app.intern_access(${users}::text[], ${groups}::uuid[]))`)
  })
  return id
}
async function mayRead(subject: string): Promise<string[]> {
  const rows = await db.database.readAs({ tenantId: acme, subject, reads: 'listed' }, tx =>
    tx.all(sql<{ id: string }>`select id from app.document where tenant_id = ${acme} order by id`),
  )
  return rows.map(({ id }) => id)
}
async function readersOf(document: string): Promise<string[]> {
  const rows = await db.database.readAs(asTenant, tx =>
    tx.all(sql<{ member: string }>`
      select e.member from app.document d join app.access_entry e on e.tenant_id = d.tenant_id and e.access_id = d.access_id
      where d.tenant_id = ${acme} and d.id = ${document}`),
  )
  return rows.map(({ member }) => member)
}
async function insertKey(user: string): Promise<void> {
  await db.database.writeAs(asTenant, tx =>
    tx.run(sql`
      insert into app.api_key (tenant_id, id, name, user_id, scopes, salt, secret_hash, created_by)
      values (${acme}, ${uuidv7().replaceAll('-', '').slice(-12)}, 'key', ${user}, '{documents:read}', '\\x00', '\\x00', 'test')`),
  )
}

describe('the last owner', () => {
  let tenantId: string
  const there = (): As => ({ tenantId })
  beforeAll(async () => {
    tenantId = await db.createTenant()
    await ask('create_user', { id: 'one', name: 'one', role: 'owner' }, there())
    await ask('create_user', { id: 'gone', name: 'gone', role: 'owner' }, there())
    await ask('disable_user', { id: 'gone' }, there())
  })

  test.each([
    ['update_user', { id: 'one', role: 'admin' }],
    ['disable_user', { id: 'one' }],
    ['remove_user', { id: 'one' }],
  ])('is not lost by %s: a disabled owner does not count', async (name, input) => {
    await expect(ask(name, input, there())).rejects.toMatchObject({ code: 'conflict', reason: 'last_owner' })
  })

  test('of two owners who take each other out at once, exactly one succeeds', async () => {
    await ask('create_user', { id: 'two', name: 'two', role: 'owner' }, there())
    // Neither gets to its write before both have looked, unless one waits for the other.
    const held =
      db.engine === 'postgres'
        ? await db.lockAsAdmin(`select from app.tenant_user where tenant_id = '${tenantId}' for update`)
        : undefined
    const racing = Promise.allSettled([
      ask('remove_user', { id: 'two' }, { tenantId, subject: 'one' }),
      ask('update_user', { id: 'one', role: 'reader' }, { tenantId, subject: 'two' }),
    ])
    if (held !== undefined) {
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      while ((await db.asAdmin(waiting)).length < 2) await sleep(20)
      await held.release()
    }
    const outcomes = await racing
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const owners = await db.database.readAs({ tenantId, subject: 'operator:root' }, tx =>
      tx.all(sql`select id from app.tenant_user where role = 'owner' and disabled_at is null`),
    )
    expect(owners).toHaveLength(1)
  })
})

describe('groups', () => {
  test('are made, renamed, filled, emptied and removed, by id or by name', async () => {
    const { group } = await ask('create_group', { name: 'litigation' })
    expect(group).toMatchObject({ name: 'litigation', members: 0 })
    await ask('rename_group', { group: 'litigation', name: 'disputes' })
    await ask('add_group_member', { group: 'disputes', user: 'adam' })
    const again = await ask('add_group_member', { group: String(group?.['id']), user: 'adam' })
    expect(again['group']).toMatchObject({ id: group?.['id'], name: 'disputes', members: 1 })
    expect((await ask('get_user', { id: 'adam' }))['user']).toMatchObject({
      groups: [{ id: group?.['id'], name: 'disputes' }],
    })
    await ask('remove_group_member', { group: 'disputes', user: 'adam' })
    const notIn = ask('remove_group_member', { group: 'disputes', user: 'adam' })
    await expect(notIn).rejects.toMatchObject({ code: 'not_found', reason: 'not_a_member' })
    await ask('remove_group', { group: 'disputes' })
    const gone = ask('list_users', { group: 'disputes' })
    await expect(gone).rejects.toMatchObject({ code: 'not_found', reason: 'unknown_group' })
  })

  test('a name is taken once in a tenant', async () => {
    await ask('create_group', { name: 'taken' })
    await ask('create_group', { name: 'other' })
    const taken = { code: 'conflict', reason: 'group_exists' }
    await expect(ask('create_group', { name: 'taken' })).rejects.toMatchObject(taken)
    await expect(ask('rename_group', { group: 'other', name: 'taken' })).rejects.toMatchObject(taken)
    await ask('rename_group', { group: 'taken', name: 'taken' })
    await ask('create_group', { name: 'taken' }, { tenantId: globex })
  })

  test("another tenant's group is as unknown as one that never was, and nobody is put into it", async () => {
    const { group } = await ask('create_group', { name: 'theirs' }, { tenantId: globex })
    const asked = (ref: string) =>
      ask('add_group_member', { group: ref, user: 'adam' }).catch((error: unknown) =>
        asFault(error).say.replace(ref, '…'),
      )
    expect(await asked(String(group?.['id']))).toBe(await asked(uuidv7()))
    const { groups } = await ask('list_groups', {}, { tenantId: globex })
    expect(groups).toContainEqual({ ...group, members: 0 })
  })

  test('a group that goes takes its place on access lists with it', async () => {
    const { group } = await ask('create_group', { name: 'readers' })
    const groupId = String(group?.['id'])
    const id = await closedDocument([], [groupId])
    await ask('add_group_member', { group: groupId, user: 'adam' })
    expect(await mayRead('adam')).toContain(id)
    await ask('remove_group', { group: groupId })
    expect(await mayRead('adam')).not.toContain(id)
    expect(await readersOf(id)).toEqual([])
  })
})

test('every change is on record with who made it and to whom', async () => {
  const id = await newUser('reader')
  await ask('update_user', { id, role: 'member' }, asAdam)
  await expect(ask('update_user', { id, role: 'owner' }, asAdam)).rejects.toMatchObject({ code: 'forbidden' })
  await ask('remove_user', { id }, asOlga)
  const rows = await db.database.readAs({ tenantId: acme, subject: 'operator:root' }, tx =>
    tx.all(
      sql`select subject, operation, outcome from app.audit where object = ${`user:${id}`} order by sequence`,
    ),
  )
  expect(rows).toEqual([
    { subject: 'operator:root', operation: 'create_user', outcome: 'ok' },
    { subject: 'adam', operation: 'update_user', outcome: 'ok' },
    { subject: 'adam', operation: 'update_user', outcome: 'refused' },
    { subject: 'olga', operation: 'remove_user', outcome: 'ok' },
  ])
})
