// How people sign in, by outcome: the first account, sessions, passwords, invitations and one-time links, in a whole
// Gatehouse. Each attempt comes from an address of its own; the limits have tests of their own beside them.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { ROLE_SCOPES, type UserRole } from '../../src/gate/roles.ts'
import { accountByEmail } from '../../src/gate/sign-in/account-rows.ts'
import { passwordHasher } from '../../src/gate/sign-in/password-hash.ts'
import { sessions as sessionsOf } from '../../src/gate/sign-in/sessions.ts'
import { sql } from '../../src/platform/db/statements.ts'
import type { Statement } from '../../src/platform/db/database.ts'
import { CHEAP } from '../harness/cheap-passwords.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { refusalOf } from '../harness/refusal.ts'

vi.mock(import('../../src/gate/sign-in/password-hash.ts'), async original => {
  const { cheapPasswords } = await import('../harness/cheap-passwords.ts')
  return cheapPasswords(await original())
})

const ADA = { email: 'ada@example.com', password: 'seven purple lanterns' }

let it: TestGatehouse
let acme: string
let globex: string
let firstCode: string
let asked = 0

beforeAll(async () => {
  it = await openTestGatehouse()
  acme = await it.createTenant('acme')
  globex = await it.createTenant('globex')
})
afterAll(() => it.close())

const newAddress = (): string => `10.1.${++asked >> 8}.${asked & 255}`
const codeOf = (link: unknown): string => String(link).split('#')[1] ?? ''
const signIn = (email: string, password: string, before?: string) =>
  it.gatehouse.accounts.signIn({ email, password, address: newAddress() }, before)
const inSystem = (statement: Statement) =>
  it.gatehouse.opened.database.system('sign_in', tx => tx.run(statement))
const whoIs = async (cookie: string) => {
  const principal = await it.gatehouse.accounts.sessions.authenticate(cookie).catch(() => undefined)
  return principal?.subject
}

async function asUser(
  tenantId: string,
  role: UserRole,
  name: string,
  input: object,
): Promise<Record<string, unknown>> {
  const operation = it.gatehouse.catalog.find(one => one.name === name)
  if (operation === undefined) throw new Error(`no operation ${name}`)
  const principal = {
    realm: 'tenant' as const,
    tenantId,
    subject: `test-${role}`,
    scopes: new Set<string>(ROLE_SCOPES[role]),
    tokenId: 'test',
    expiresAt: 4_102_444_800,
  }
  return it.gatehouse.run(operation, input, principal, {
    requestId: 'test',
    signal: AbortSignal.timeout(60_000),
  })
}

interface Invited {
  readonly tenantId?: string
  readonly role?: UserRole
  readonly id?: string
}
const invite = async (email: string, { tenantId = acme, role = 'member', ...more }: Invited = {}) =>
  codeOf((await asUser(tenantId, 'owner', 'invite_user', { email, role, ...more }))['link'])
const accept = (code: string, password: string, name = 'Somebody') =>
  it.gatehouse.accounts.acceptInvitation({ code, name, password, address: newAddress() })

describe('the first account', () => {
  const begin = (code: string, email = ADA.email) =>
    it.gatehouse.accounts.begin({ code, email, name: 'Ada', password: ADA.password, address: newAddress() })

  test('is made by the newest link alone, whose code stands behind the # and not in the database', async () => {
    const older = codeOf(await it.gatehouse.accounts.firstRunLink())
    const link = await it.gatehouse.accounts.firstRunLink()
    firstCode = codeOf(link)
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/app\/first-run#[\w-]{43}$/)
    expect((await refusalOf(begin(older)))?.reason).toBe('dead_link')
    expect(
      await inSystem(
        sql`update app.sign_in_link set used_at = null where encode(token_hash, 'escape') = ${firstCode}`,
      ),
    ).toBe(0)
  })

  test('is made once, however many try at the same moment, and there is no such link afterwards', async () => {
    const outcomes = await Promise.all(
      ['ada@example.com', 'eve@example.com', 'mal@example.com'].map(email =>
        refusalOf(begin(firstCode, email)),
      ),
    )
    const reasons = outcomes.map(outcome => outcome?.reason ?? 'begun')
    expect(reasons.filter(reason => reason === 'begun')).toHaveLength(1)
    expect(reasons.filter(reason => reason === 'dead_link')).toHaveLength(2)
    await inSystem(sql`update app.account set email = ${ADA.email} where is_operator`)
    expect(await it.gatehouse.accounts.firstRunLink()).toBeUndefined()
    expect((await refusalOf(begin(firstCode)))?.reason).toBe('dead_link')
    expect(await whoIs(await signIn(ADA.email, ADA.password))).toBe(`operator:${ADA.email}`)
  })
})

describe('signing in', () => {
  test('AU26 the refusal is the same for a wrong password, an unknown address and a disabled account', async () => {
    await it.gatehouse.operate('invite_operator', { email: 'off@example.com' })
    await it.gatehouse.operate('disable_account', { email: 'off@example.com' })
    const refusals = await Promise.all(
      [ADA.email, 'nobody@example.com', 'off@example.com', 'no address', '\0'].map(email =>
        refusalOf(signIn(email, 'not the password')),
      ),
    )
    for (const refusal of refusals)
      expect(refusal).toMatchObject({ code: 'unauthenticated', say: 'E-mail or password is wrong.' })
  })

  test('begins a new session each time and ends the one the browser came with', async () => {
    const planted = 'x'.repeat(43)
    const first = await signIn(' ADA@example.com', ADA.password, planted)
    expect(first).not.toBe(planted)
    const second = await signIn(ADA.email, ADA.password, first)
    expect([await whoIs(first), await whoIs(second)]).toEqual([undefined, `operator:${ADA.email}`])
  })

  test('hashes the password anew when the stored hash is of cheaper parameters', async () => {
    const cheap = await passwordHasher({ cost: { ln: 4, r: 1, p: 1 } }).hash(ADA.password)
    await inSystem(sql`update app.account set password_hash = ${cheap} where email = ${ADA.email}`)
    await signIn(ADA.email, ADA.password)
    const kept = sql`select from app.account where email = ${ADA.email} and password_hash like ${`$scrypt$ln=${CHEAP.ln},%`}`
    expect(await it.gatehouse.opened.database.system('sign_in', tx => tx.all(kept))).toHaveLength(1)
  })

  test('leaves a row on the record of the deployment', async () => {
    const rows = sql<{ subject: string }>`
      select subject from app.deployment_audit where operation = 'sign_in' and outcome = 'ok'`
    const found = await it.gatehouse.opened.database.system('sign_in', tx => tx.all(rows))
    expect(found.length).toBeGreaterThan(2)
    expect(new Set(found.map(({ subject }) => subject))).toEqual(new Set([`account:${ADA.email}`]))
  })
})

describe('a session', () => {
  test.each([
    [
      'that nobody used for twelve hours',
      sql`update app.session set seen_at = now() - interval '12 hours 1 second'`,
    ],
    ['that began seven days ago', sql`update app.session set expires_at = now()`],
  ])('%s has ended', async (_, age) => {
    const cookie = await signIn(ADA.email, ADA.password)
    await inSystem(age)
    expect(await whoIs(cookie)).toBeUndefined()
  })

  test('ends at once where somebody signs out, and within a second in every other process', async () => {
    let now = 0
    const elsewhere = sessionsOf({ database: it.gatehouse.opened.database, now: () => now })
    const here = it.gatehouse.accounts.sessions
    const [kept, cookie] = [await signIn(ADA.email, ADA.password), await signIn(ADA.email, ADA.password)]
    await here.authenticate(cookie)
    await elsewhere.authenticate(cookie)
    await here.end(cookie)
    expect(await whoIs(cookie)).toBeUndefined()
    now += 1_000
    expect((await refusalOf(elsewhere.authenticate(cookie)))?.code).toBe('unauthenticated')
    expect(await whoIs(kept)).toBeDefined()
    await here.endEverywhere(kept)
    expect(await whoIs(kept)).toBeUndefined()
  })

  test('goes on through a change of its password; all others of the account end', async () => {
    const [mine, other] = [await signIn(ADA.email, ADA.password), await signIn(ADA.email, ADA.password)]
    await whoIs(other)
    const change = (current: string, next: string) =>
      it.gatehouse.accounts.change(mine, { current, next, address: newAddress() })
    expect((await refusalOf(change('wrong', 'eleven green tractors')))?.reason).toBe('wrong_password')
    expect((await refusalOf(change(ADA.password, 'ada@example.com')))?.reason).toBe('weak_password')
    await change(ADA.password, 'eleven green tractors')
    expect([await whoIs(mine), await whoIs(other)]).toEqual([`operator:${ADA.email}`, undefined])
    expect((await refusalOf(signIn(ADA.email, ADA.password)))?.reason).toBe('wrong_password')
    await change('eleven green tractors', ADA.password)
  })

  test('of a disabled account ends, and it can sign in again once enabled', async () => {
    await it.gatehouse.accounts.reset({
      code: codeOf((await it.gatehouse.operate('invite_operator', { email: 'op@example.com' }))['link']),
      password: 'nine yellow kettles',
      address: newAddress(),
    })
    const cookie = await signIn('op@example.com', 'nine yellow kettles')
    expect(await whoIs(cookie)).toBe('operator:op@example.com')
    await it.gatehouse.operate('disable_account', { email: 'op@example.com' })
    expect(await whoIs(cookie)).toBeUndefined()
    await it.gatehouse.operate('enable_account', { email: 'op@example.com' })
    expect(await whoIs(await signIn('op@example.com', 'nine yellow kettles'))).toBe('operator:op@example.com')
  })
})

describe('an invitation', () => {
  test('makes a user with that role, its account and a session in the tenant, once', async () => {
    const code = await invite('bob@example.com')
    const outcomes = await Promise.all(
      ['a', 'b'].map(() => accept(code, 'three silver ladders', 'Bob').catch((error: unknown) => error)),
    )
    const cookies = outcomes.filter(outcome => typeof outcome === 'string')
    expect(cookies).toHaveLength(1)
    const principal = await it.gatehouse.accounts.sessions.authenticate(cookies[0] ?? '')
    expect(principal).toMatchObject({ realm: 'tenant', tenantId: acme, subject: 'bob@example.com' })
    expect(principal).toHaveProperty('scopes', new Set(ROLE_SCOPES.member))
    expect((await refusalOf(accept(code, 'three silver ladders')))?.reason).toBe('dead_link')
  })

  test('to an address with an account is accepted with its password alone, and ends its other sessions', async () => {
    const before = await signIn('bob@example.com', 'three silver ladders')
    const code = await invite('bob@example.com', { tenantId: globex, role: 'reader' })
    const wrong = await refusalOf(accept(code, 'another good password'))
    expect(wrong).toMatchObject({ code: 'unauthenticated', reason: 'wrong_password' })
    const cookie = await accept(code, 'three silver ladders')
    expect(await whoIs(before)).toBeUndefined()
    const view = await it.gatehouse.accounts.sessions.look(cookie)
    expect(view?.tenants.map(({ slug, role }) => [slug, role])).toEqual([
      ['acme', 'member'],
      ['globex', 'reader'],
    ])
    expect(view?.current).toMatchObject({ tenant_id: globex, role: 'reader' })
  })

  test('lets its user act in the tenants of the account and in no other', async () => {
    const { sessions } = it.gatehouse.accounts
    const cookie = await signIn('bob@example.com', 'three silver ladders')
    await sessions.switchTo(cookie, { tenant: 'globex' })
    expect(await sessions.authenticate(cookie)).toMatchObject({
      tenantId: globex,
      subject: 'bob@example.com',
    })
    const initech = await it.createTenant('initech')
    for (const tenant of [initech, 'initech', 'nowhere'])
      expect((await refusalOf(sessions.switchTo(cookie, { tenant })))?.code).toBe('not_found')
    expect((await refusalOf(sessions.switchTo(cookie, { deployment: true })))?.code).toBe('forbidden')
    expect(await sessions.authenticate(cookie)).toMatchObject({ tenantId: globex })
  })

  test('is never for a role above that of who invites', async () => {
    const by = (role: UserRole, given: UserRole) =>
      refusalOf(asUser(acme, role, 'invite_user', { email: 'x@example.com', role: given }))
    expect((await by('admin', 'owner'))?.reason).toBe('insufficient_role')
    expect((await by('member', 'reader'))?.code).toBe('forbidden')
    expect(await by('admin', 'admin')).toBeUndefined()
  })

  test('cannot be turned to a user above, nor to one of another address', async () => {
    await asUser(acme, 'owner', 'create_user', {
      id: 'boss',
      name: 'Boss',
      email: 'boss@example.com',
      role: 'owner',
    })
    const by = (input: object) => refusalOf(asUser(acme, 'admin', 'invite_user', input))
    expect((await by({ email: 'boss@example.com', role: 'reader' }))?.reason).toBe('insufficient_role')
    expect((await by({ email: 'mal@example.com', id: 'boss', role: 'reader' }))?.reason).toBe('user_exists')
  })

  test('dies when it is revoked, when a newer one is made, and when who invited is disabled', async () => {
    const revoked = await invite('carol@example.com')
    await asUser(acme, 'owner', 'revoke_invitation', { id: revoked.split('.')[1] })
    const replaced = await invite('dan@example.com')
    const newest = await invite('dan@example.com')
    await asUser(acme, 'owner', 'create_user', { id: 'test-admin', name: 'Admin', role: 'admin' })
    const orphan = codeOf(
      (await asUser(acme, 'admin', 'invite_user', { email: 'eli@example.com', role: 'admin' }))['link'],
    )
    await asUser(acme, 'owner', 'disable_user', { id: 'test-admin' })
    for (const code of [revoked, replaced, orphan, `${newest.slice(0, -1)}_`, 'nonsense'])
      expect((await refusalOf(accept(code, 'six brown anchors here')))?.reason, code).toBe('dead_link')
    await accept(newest, 'six brown anchors here')
    await asUser(acme, 'owner', 'enable_user', { id: 'test-admin' })
  })

  test('opens no door to who had that user id before', async () => {
    const first = await accept(await invite('old@example.com', { id: 'sales' }), 'old people know it')
    expect(await whoIs(first)).toBe('sales')
    await asUser(acme, 'owner', 'remove_user', { id: 'sales' })
    await accept(await invite('new@example.com', { id: 'sales' }), 'new people know it')
    const { sessions } = it.gatehouse.accounts
    const view = await sessions.look(await signIn('old@example.com', 'old people know it'))
    expect(view?.tenants).toEqual([])
  })
})

describe('a link for a new password', () => {
  test('works once, ends every session, and is the admin of the tenant to give while the account is of it alone', async () => {
    await accept(await invite('fay@example.com'), 'two orange bridges')
    const cookie = await signIn('fay@example.com', 'two orange bridges')
    const given = codeOf(
      (await asUser(acme, 'owner', 'reset_user_password', { id: 'fay@example.com' }))['link'],
    )
    const reset = (password: string) =>
      it.gatehouse.accounts.reset({ code: given, password, address: newAddress() })
    expect((await refusalOf(reset('short')))?.reason).toBe('weak_password')
    expect((await refusalOf(reset('fay@example.com')))?.reason).toBe('weak_password')
    const after = await reset('five white harbours')
    expect([await whoIs(cookie), await whoIs(after)]).toEqual([undefined, 'fay@example.com'])
    expect((await refusalOf(reset('five white harbours')))?.reason).toBe('dead_link')
  })

  test('of an account that other tenants share, of an operator, or of a user above, no tenant can have', async () => {
    const by = (role: UserRole, id: string) => refusalOf(asUser(acme, role, 'reset_user_password', { id }))
    expect((await by('owner', 'bob@example.com'))?.reason).toBe('shared_account')
    expect((await by('admin', 'boss'))?.reason).toBe('insufficient_role')
    expect((await by('owner', 'nobody'))?.code).toBe('not_found')
  })

  test('dies when the account joins another tenant', async () => {
    const code = codeOf(
      (await asUser(acme, 'owner', 'reset_user_password', { id: 'fay@example.com' }))['link'],
    )
    await accept(await invite('fay@example.com', { tenantId: globex }), 'five white harbours')
    const used = it.gatehouse.accounts.reset({
      code,
      password: 'stolen stolen stolen',
      address: newAddress(),
    })
    expect((await refusalOf(used))?.reason).toBe('dead_link')
  })

  // The embedded engine has one connection: nothing happens beside a transaction.
  test.runIf(inject('engine') === 'postgres')(
    'of an account that joins another tenant at this very moment, no tenant can have, nor one that was signed in to',
    async () => {
      await accept(await invite('gus@example.com'), 'nine yellow kettles')
      const [isHeld, isAsked] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()]
      const joining = it.gatehouse.opened.database.system('sign_in', async tx => {
        const account = await accountByEmail(tx, 'gus@example.com')
        await tx.run(sql`update app.account set password_hash = null where id = ${account!.id}`)
        isHeld.resolve()
        const waiting = sql<{ count: number }>`
          select count(*)::int as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
        while (((await tx.first(waiting))?.count ?? 0) < 2)
          if (await Promise.race([isAsked.promise.then(() => true), sleep(20).then(() => false)])) break
        await tx.run(sql`
          insert into app.account_tenant (account_id, tenant_of, user_id) values (${account!.id}, ${globex}, 'gus')`)
      })
      await isHeld.promise
      const link = refusalOf(asUser(acme, 'owner', 'reset_user_password', { id: 'gus@example.com' }))
      const session = refusalOf(signIn('gus@example.com', 'nine yellow kettles'))
      isAsked.resolve(Promise.all([link, session]))
      await joining
      expect([(await link)?.reason, (await session)?.reason]).toEqual(['shared_account', 'wrong_password'])
    },
  )

  test('is asked of whoever becomes an operator: an account made by an invitation alone proves no address', async () => {
    const cookie = await signIn('fay@example.com', 'five white harbours')
    await it.gatehouse.operate('invite_operator', { email: 'fay@example.com' })
    expect(await whoIs(cookie)).toBeUndefined()
    expect((await refusalOf(signIn('fay@example.com', 'five white harbours')))?.reason).toBe('wrong_password')
  })
})
