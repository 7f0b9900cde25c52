// Who may do what to whom, and that nobody gets further than their role: by asking for more, by what a request says of
// its caller, or without saying who calls.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { operations } from '../../src/features/people/operations.ts'
import { ROLE_SCOPES, USER_ROLES, type UserRole } from '../../src/gate/roles.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'

const nothing = async () => undefined
const PEOPLE = operations({
  refreshTrust: nothing,
  leaveAccessLists: nothing,
  revokeKeysOf: nothing,
  forgetTasksOf: nothing,
})
const TENANT_TURNS = ['suspend_tenant', 'resume_tenant', 'update_tenant']

let house: TestGatehouse
let tenant: string
const tokens = new Map<string, string>()

beforeAll(async () => {
  house = await openTestGatehouse()
  tenant = await house.createTenant('acme')
  tokens.set('operator', await token('operator'))
  for (const role of USER_ROLES) {
    await asked('operator', 'create_user', { id: role, name: role, role })
    // All scopes: what the token says beyond the role must not count.
    tokens.set(role, await token(role))
  }
})
afterAll(() => house.close())

async function token(user: string, scopes: readonly string[] = SCOPE_NAMES): Promise<string> {
  const input = { tenant, user, scopes: [...scopes], audience: 'api' }
  return String((await house.gatehouse.operate('create_token', input))['token'])
}

function post(
  operation: string,
  input: unknown,
  headers: Record<string, string> = {},
  query = '',
): Promise<Response> {
  return fetch(`${house.url}/api/${operation}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })
}
const bearer = (who: string) => ({ authorization: `Bearer ${tokens.get(who) ?? who}` })

/** 'ok', or the reason of the refusal. */
async function asked(who: string, operation: string, input: object): Promise<string> {
  const answer = await post(operation, input, bearer(who))
  const body = (await answer.json()) as { reason?: string; code?: string }
  return answer.ok ? 'ok' : (body.reason ?? String(body.code))
}

/** A new user of that role, for one attempt. */
async function target(role: UserRole): Promise<string> {
  const id = `t-${uuidv7()}`
  expect(await asked('operator', 'create_user', { id, name: id, role })).toBe('ok')
  return id
}

type To = readonly [reader: string, member: string, admin: string, owner: string]
const [OK, LOW, SCOPE] = ['ok', 'insufficient_role', 'insufficient_scope']
const NEVER: To = [SCOPE, SCOPE, SCOPE, SCOPE]
const NOT_OWNERS: To = [OK, OK, OK, LOW]
const ANYBODY: To = [OK, OK, OK, OK]

/** What happens when somebody of a role does this to a user of each role. */
const ON_A_USER: Record<string, Record<UserRole, To>> = {
  update_user: { reader: NEVER, member: NEVER, admin: NOT_OWNERS, owner: ANYBODY },
  disable_user: { reader: NEVER, member: NEVER, admin: NOT_OWNERS, owner: ANYBODY },
  enable_user: { reader: NEVER, member: NEVER, admin: NOT_OWNERS, owner: ANYBODY },
  remove_user: { reader: NEVER, member: NEVER, admin: NOT_OWNERS, owner: ANYBODY },
  get_user: { reader: NEVER, member: NEVER, admin: ANYBODY, owner: ANYBODY },
}
/** And when it gives that role to somebody new, or to a reader. */
const GIVING: Record<UserRole, To> = { reader: NEVER, member: NEVER, admin: NOT_OWNERS, owner: ANYBODY }

describe('privilege escalation: role × operation × role', () => {
  const cases = Object.entries(ON_A_USER).flatMap(([operation, rows]) =>
    USER_ROLES.map(role => [role, operation, rows[role]] as const),
  )
  test.each(cases)('%s: %s of readers, members, admins, owners', async (role, operation, expected) => {
    const outcomes: string[] = []
    for (const of of USER_ROLES) {
      const input = { id: await target(of), ...(operation === 'update_user' ? { name: 'new name' } : {}) }
      outcomes.push(await asked(role, operation, input))
    }
    expect(outcomes).toEqual(expected)
  })

  test.each(USER_ROLES)('%s: giving the roles to somebody new and to a reader', async role => {
    const created: string[] = []
    const raised: string[] = []
    for (const given of USER_ROLES) {
      created.push(await asked(role, 'create_user', { id: `n-${uuidv7()}`, name: 'n', role: given }))
      raised.push(await asked(role, 'update_user', { id: await target('reader'), role: given }))
    }
    expect([created, raised]).toEqual([GIVING[role], GIVING[role]])
  })

  test.each(['reader', 'member', 'admin'] as const)('%s cannot raise itself', async role => {
    const refused = await asked(role, 'update_user', { id: role, role: 'owner' })
    expect(refused).toBe(role === 'admin' ? LOW : SCOPE)
    const { user } = (await (await post('get_user', { id: role }, bearer('operator'))).json()) as {
      user: { role: string }
    }
    expect(user.role).toBe(role)
  })

  test.each(['reader', 'member'] as const)('%s can change no group and see none', async role => {
    const group = { group: uuidv7() }
    const outcomes = [
      await asked(role, 'list_groups', {}),
      await asked(role, 'create_group', { name: 'mine' }),
      await asked(role, 'rename_group', { ...group, name: 'mine' }),
      await asked(role, 'remove_group', group),
      await asked(role, 'add_group_member', { ...group, user: role }),
      await asked(role, 'remove_group_member', { ...group, user: role }),
    ]
    expect(new Set(outcomes)).toEqual(new Set([SCOPE]))
  })

  test('an owner with a narrow token manages users as an admin does', async () => {
    const narrow = await token('owner', ['users:write'])
    expect(await asked(narrow, 'create_user', { id: `n-${uuidv7()}`, name: 'n', role: 'owner' })).toBe(LOW)
    expect(await asked(narrow, 'remove_user', { id: await target('owner') })).toBe(LOW)
    expect(await asked(narrow, 'remove_user', { id: await target('admin') })).toBe(OK)
  })

  test.each(USER_ROLES)(
    'AU22 %s: the tools of its list are those of its role, whatever its token says',
    async role => {
      const listed = await house.tools(await house.token(tenant, SCOPE_NAMES, role))
      const allowed: readonly string[] = ROLE_SCOPES[role]
      const expected = house.gatehouse.catalog
        .filter(one => one.realm === 'tenant' && one.tool !== false && allowed.includes(one.scope))
        .map(({ name }) => name)
      expect(listed.map(({ name }) => name)).toEqual(expected)
    },
  )
})

describe('AU22 a call beyond the scopes of its token', () => {
  test.each(PEOPLE.map(({ name }) => name))(
    '%s: 403, and the challenge names the one scope it needs',
    async name => {
      const operation = PEOPLE.find(one => one.name === name)
      const answer = await post(
        name,
        {},
        bearer(await token('operator', ['documents:read', 'documents:write'])),
      )
      expect(answer.status).toBe(403)
      const scope = operation?.realm === 'tenant' ? operation.scope : 'none'
      expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
      expect(/scope="([^"]*)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1]).toBe(scope)
    },
  )

  test.each(TENANT_TURNS)('%s is not there for tenants, whatever their scopes', async name => {
    expect((await post(name, { tenant: 'acme', reason: 'x', name: 'x' }, bearer('owner'))).status).toBe(404)
  })
})

describe('AU21 a request does not say who its caller is', () => {
  test('headers and query that name another user or tenant change nothing', async () => {
    const claims = { 'x-end-user-id': 'owner', 'x-user-id': 'owner', 'x-tenant-id': uuidv7() }
    const plain = await post('create_group', { name: 'a' }, bearer('reader'))
    const claimed = await post(
      'create_group',
      { name: 'a' },
      { ...bearer('reader'), ...claims },
      '?user=owner',
    )
    expect([plain.status, claimed.status]).toEqual([403, claimed.status])
    expect([400, 403]).toContain(claimed.status)
    const id = `n-${uuidv7()}`
    await post('create_user', { id, name: 'n', role: 'reader' }, { ...bearer('admin'), ...claims })
    const rows = await recordOf(id)
    expect(rows).toEqual(['admin'])
  })

  test.each(PEOPLE.filter(({ name }) => !name.endsWith('group_member')).map(({ name }) => name))(
    '%s: a user or tenant in the body is refused by name',
    async name => {
      for (const claim of [
        { user: 'owner' },
        { tenant: 'globex' },
        { tenant_id: uuidv7() },
        { on_behalf_of: 'owner' },
      ]) {
        const answer = await post(
          name,
          { id: 'reader', name: 'x', group: 'x', role: 'reader', ...claim },
          bearer('operator'),
        )
        expect(answer.status).toBe(400)
        expect(await answer.text()).toContain(Object.keys(claim)[0])
      }
    },
  )
})

async function recordOf(id: string): Promise<unknown[]> {
  const { database } = house.gatehouse.opened
  const rows = await database.readAs({ tenantId: tenant, subject: 'operator:root' }, tx =>
    tx.all(sql<{ subject: string }>`select subject from app.audit where object = ${`user:${id}`}`),
  )
  return rows.map(({ subject }) => subject)
}

describe('AU23 without a credential', () => {
  test.each([...PEOPLE.map(({ name }) => name), ...TENANT_TURNS])(
    '%s answers 401 and nothing else',
    async name => {
      const answer = await post(name, { id: 'reader', tenant: 'acme' })
      expect(answer.status).toBe(401)
      const text = await answer.text()
      expect(text).not.toMatch(/eyJ|gh[ko]_|acme|reader/)
    },
  )

  test.each(PEOPLE.map(one => [one.name, one] as const))(
    '%s answers what its schema names and no more',
    (_, operation) => {
      const schema = JSON.stringify(operation.output.def)
      expect(operation.output.safeParse({ token: 'x' }).success).toBe(false)
      expect(schema).not.toMatch(/token|secret|hash|password/)
    },
  )
})
