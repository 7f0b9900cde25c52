// Two processes on one database: what one is told about users, tenants and credentials, the other acts on at its next
// call, and the calls that were under way there end. What takes how long is printed; bounds are generous.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

const GENEROUS_MS = 15_000

describe.runIf(inject('engine') === 'postgres')('two processes', () => {
  let here: TestGatehouse
  let there: TestGatehouse
  let acme: string

  beforeAll(async () => {
    const GATEHOUSE_SEAL_KEYS = `k1:${randomBytes(32).toString('base64url')}`
    here = await openTestGatehouse({ GATEHOUSE_SEAL_KEYS })
    const urls = here.behind?.urls
    if (urls === undefined) throw new Error('this needs a server')
    there = await openTestGatehouse({
      GATEHOUSE_SEAL_KEYS,
      DATABASE_URL: urls.app,
      DATABASE_OWNER_URL: urls.owner,
      DATABASE_WORKER_URL: urls.worker,
    })
    acme = await here.createTenant('acme')
  })
  afterAll(async () => {
    await there.close()
    await here.close()
  })

  const operate = (name: string, input: Record<string, unknown>) => here.gatehouse.operate(name, input)
  async function token(
    user: string,
    { tenant = acme, audience = 'mcp', ttl = 600, scopes = [...SCOPE_NAMES] as string[] } = {},
  ): Promise<Token> {
    const input = { tenant, user, scopes, audience, ttl_seconds: ttl }
    const made = await operate('create_token', input)
    return { text: String(made['token']), id: String(made['token_id']) }
  }
  /** As an operator with every scope, in the first process. */
  async function manage(name: string, input: object, tenant = acme): Promise<Record<string, unknown>> {
    const { text } = await token('operator', { tenant, audience: 'api' })
    const answer = await api(here, text, name, input)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    return answer.body
  }
  /** The cookie of somebody who has just accepted an invitation to acme. */
  async function invited(email: string): Promise<string> {
    const { link } = await manage('invite_user', { email, role: 'reader' })
    const code = String(link).split('#')[1] ?? ''
    const joining = { code, name: 'Guest', password: 'seven purple lanterns', address: email }
    return here.gatehouse.accounts.acceptInvitation(joining)
  }
  const newUser = async (role: string): Promise<string> => {
    const id = `u-${uuidv7()}`
    await manage('create_user', { id, name: id, role })
    return id
  }
  const listsThere = async ({ text }: Token) => {
    const { status, output } = await there.call(text, 'list_documents', {})
    return status === 200 && output['documents'] !== undefined ? 'let in' : String(output['reason'])
  }

  test('a user disabled in one is refused by the very next call in the other, and let in again when enabled', async () => {
    const id = await newUser('reader')
    const its = await token(id)
    expect(await listsThere(its)).toBe('let in')
    await manage('disable_user', { id })
    expect(await listsThere(its)).toBe('user_disabled')
    await manage('enable_user', { id })
    await until(async () => (await listsThere(its)) === 'let in')
  })

  test('a tenant suspended in one is refused by the very next call in the other, and let in again when resumed', async () => {
    const tenant = await here.createTenant('frozen')
    const its = await token('ada', { tenant })
    expect(await listsThere(its)).toBe('let in')
    await operate('suspend_tenant', { tenant, reason: 'a test' })
    expect(await listsThere(its)).toBe('tenant_inactive')
    await until(async () => (await there.call(its.text, 'list_documents', {})).status === 401)
    await operate('resume_tenant', { tenant })
    await until(async () => (await listsThere(its)) === 'let in')
  })

  test('what was added before a suspension is indexed after it: background work waits', async () => {
    const tenant = await here.createTenant('patient')
    const its = await token('ada', { tenant })
    const added = await here.call(its.text, 'add_document', { title: 'kept', content: 'ammonite limestone' })
    expect(added.isError).toBe(false)
    await operate('suspend_tenant', { tenant, reason: 'a test' })
    await sleep(1_500)
    await operate('resume_tenant', { tenant })
    const model = () => here.gatehouse.operate('get_embedding_status', {})
    await until(
      async () => ((await model())['models'] as { pending: number }[]).every(({ pending }) => pending === 0),
      70_000,
    )
    const found = await here.call(its.text, 'hybrid_search', { query: 'ammonite' })
    expect(found.output['hits']).toHaveLength(1)
  })

  test('a new role holds in the other process', async () => {
    const id = await newUser('member')
    const its = await token(id)
    const add = () => there.call(its.text, 'add_document', { title: 'x', content: 'x' })
    await until(async () => (await add()).status === 200)
    const began = performance.now()
    await manage('update_user', { id, role: 'reader' })
    await until(async () => (await add()).status === 403)
    console.log(`a role reached the other process after ${Math.round(performance.now() - began)} ms`)
    expect((await add()).headers.get('www-authenticate')).toContain('scope="documents:write"')
  })

  test('somebody who gets the id of a removed user gets none of its sessions, keys and tokens', async () => {
    const email = 'first@example.com'
    const cookie = await invited(email)
    const before = await token(email, { audience: 'api' })
    const wish = { name: 'first', scopes: ['documents:read', 'keys:write'] }
    const key = String((await api(there, before.text, 'create_api_key', wish)).body['key'])
    const bearers = [{ cookie: `gatehouse=${cookie}`, origin: there.url }, bearer(before.text), bearer(key)]
    const answers = () =>
      Promise.all(
        bearers.map(async headers => {
          const { status, body } = await post(there, 'list_documents', {}, headers)
          return status === 200 ? 'let in' : String(body['reason'])
        }),
      )
    expect(await answers()).toEqual(['let in', 'let in', 'let in'])
    await manage('remove_user', { id: email })
    await until(async () => !(await answers()).includes('let in'))
    // A token says its time in whole seconds.
    await sleep(1_100)
    await manage('create_user', { id: email, name: 'Second', email, role: 'reader' })
    // Its own token is let in as soon as the process knows of it: from then on what it refuses it refuses for good.
    const after = await token(email, { audience: 'api' })
    await until(async () => (await api(there, after.text, 'list_documents', {})).status === 200)
    expect(await answers()).toEqual(['user_disabled', 'revoked', 'revoked'])
    const view = await there.gatehouse.accounts.sessions.look(cookie)
    expect(view?.tenants).toEqual([])
  })

  describe('AU17 a call that is under way ends within seconds', () => {
    /** What a call that waits for twenty seconds was told, and after how long. */
    async function followed(its: Token) {
      const began = performance.now()
      const { output, isError } = await there.call(its.text, 'follow_ingestions', FOLLOW)
      return { isError, code: output['code'], reason: output['reason'], ms: performance.now() - began }
    }
    const cases: readonly (readonly [string, number, (its: Token, user: string) => Promise<unknown>])[] = [
      ['its token is revoked', 600, ({ id }) => operate('revoke_token', { token_id: id })],
      ['its token expires', 2, async () => undefined],
      ['its user is disabled', 600, (_, id) => manage('disable_user', { id })],
      ['its user is removed', 600, (_, id) => manage('remove_user', { id })],
    ]
    test.concurrent.each(cases)('when %s', async (what, ttl, turn) => {
      const user = await newUser('reader')
      const its = await token(user, { ttl })
      const following = followed(its)
      await sleep(500)
      await turn(its, user)
      const { ms, ...told } = await following
      expect(told.isError).toBe(true)
      // The seal may be faster than the watch: a call that looks into the database is refused there.
      expect(['auth_expired', 'user_disabled']).toContain(told.reason)
      if (told.reason === 'auth_expired') expect(told.code).toBe('unauthenticated')
      console.log(
        `a running call ended ${Math.round(ms)} ms after it began when ${what} (${String(told.reason)})`,
      )
      expect(ms).toBeLessThan(GENEROUS_MS)
    })

    test.concurrent('when its tenant is suspended', async () => {
      const tenant = await here.createTenant('stopped')
      const its = await token('ada', { tenant })
      const following = followed(its)
      await sleep(500)
      await operate('suspend_tenant', { tenant, reason: 'a test' })
      const { ms, reason } = await following
      expect(['auth_expired', 'tenant_inactive']).toContain(reason)
      expect(ms).toBeLessThan(GENEROUS_MS)
    })

    test.concurrent('over plain HTTP it is answered with 401', async () => {
      const its = await token(await newUser('reader'), { audience: 'api' })
      const following = api(there, its.text, 'follow_ingestions', FOLLOW)
      await sleep(500)
      await operate('revoke_token', { token_id: its.id })
      const { status, body } = await following
      expect([status, body['reason']]).toEqual([401, 'auth_expired'])
    })

    test.concurrent.each([
      ['signed out', 'end'],
      ['signed out everywhere', 'endEverywhere'],
    ] as const)('when its session is %s in the other process', async (_, ending) => {
      const cookie = await invited(`${ending}@example.com`)
      const headers = { cookie: `gatehouse=${cookie}`, origin: there.url }
      const following = post(there, 'follow_ingestions', FOLLOW, headers)
      await sleep(500)
      await here.gatehouse.accounts.sessions[ending](cookie)
      const { status, body } = await following
      expect([status, body['reason']]).toEqual([401, 'auth_expired'])
    })

    test.concurrent('one whose credential stays good runs to its end', async () => {
      const its = await token(await newUser('reader'), { scopes: ['documents:read'] })
      const patient = { ...FOLLOW, wait_seconds: 6 }
      expect((await there.call(its.text, 'follow_ingestions', patient)).output).toMatchObject({ events: [] })
    })
  })
})

interface Token {
  readonly text: string
  readonly id: string
}

/** An ingestion that nobody began: nothing will ever happen to it. */
const FOLLOW = { ingestions: [{ ingestion_id: uuidv7() }], wait_seconds: 20 }

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const api = (house: TestGatehouse, token: string, name: string, input: object) =>
  post(house, name, input, bearer(token))

async function post({ url }: TestGatehouse, name: string, input: object, headers: Record<string, string>) {
  const answer = await fetch(`${url}/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

async function until(isSo: () => Promise<boolean>, withinMs = GENEROUS_MS): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(50))
    if (Date.now() > end) throw new Error('it did not come about')
}

describe('suspending a tenant', () => {
  let house: TestGatehouse
  beforeAll(async () => void (house = await openTestGatehouse()))
  afterAll(() => house.close())
  const operate = (name: string, input: Record<string, unknown>) => house.gatehouse.operate(name, input)
  const statusOf = async (tenant: string) =>
    ((await operate('get_tenant', { tenant }))['tenant'] as { status: string }).status

  test('and resuming it twice is once; name and tier can be changed in between', async () => {
    await house.createTenant('acme')
    for (const reason of ['unpaid', 'still unpaid'])
      await operate('suspend_tenant', { tenant: 'acme', reason })
    expect(await statusOf('acme')).toBe('suspended')
    const { tenant } = await operate('update_tenant', { tenant: 'acme', tier: 'pro' })
    expect(tenant).toMatchObject({ name: 'acme', tier: 'pro', status: 'suspended' })
    for (const tenant of ['acme', 'acme']) await operate('resume_tenant', { tenant })
    expect(await statusOf('acme')).toBe('active')
  })

  test('and then removing it works', async () => {
    await house.createTenant('leaving')
    await operate('suspend_tenant', { tenant: 'leaving', reason: 'unpaid' })
    await operate('remove_tenant', { tenant: 'leaving', confirm: 'leaving' })
    const gone = async () => (await statusOf('leaving').catch(() => 'gone')) === 'gone'
    const refused = operate('suspend_tenant', { tenant: 'leaving', reason: 'again' })
    await expect(refused).rejects.toMatchObject({
      reason: expect.stringMatching(/tenant_removing|unknown_tenant/) as string,
    })
    await until(gone, 50_000)
  })
})
