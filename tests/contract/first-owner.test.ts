// The first owner of a tenant, named by an operator: who becomes it, once, and what the tenant's audit says of it.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { refusalOf } from '../harness/refusal.ts'

vi.mock(import('../../src/gate/sign-in/password-hash.ts'), async original => {
  const { cheapPasswords } = await import('../harness/cheap-passwords.ts')
  return cheapPasswords(await original())
})

const ADA = { email: 'ada@example.com', password: 'seven purple lanterns' }

let it: TestGatehouse
let asked = 0

beforeAll(async () => {
  it = await openTestGatehouse()
  const { accounts } = it.gatehouse
  const code = codeOf(await accounts.firstRunLink())
  await accounts.begin({ code, name: 'Ada', ...ADA, address: newAddress() })
})
afterAll(() => it?.close())

const newAddress = (): string => `10.2.0.${++asked}`
const codeOf = (link: unknown): string => String(link).split('#')[1] ?? ''
const accept = (code: string, password: string) =>
  it.gatehouse.accounts.acceptInvitation({ code, name: 'Somebody', password, address: newAddress() })
const whoIs = async (cookie: string) => (await it.gatehouse.accounts.sessions.authenticate(cookie)).subject

const appoint = (tenant: string, email: string, subject = `operator:${ADA.email}`) => {
  const operation = it.gatehouse.catalog.find(one => one.name === 'appoint_owner')!
  const context = { requestId: 'test', signal: AbortSignal.timeout(60_000) }
  return it.gatehouse.run(operation, { tenant, email }, { realm: 'deployment', subject }, context)
}

test('the first owner of a tenant is whoever accepts the link; then no operator can name another, or join', async () => {
  const fresh = await it.createTenant('fresh')
  const kept = codeOf((await appoint('fresh', 'mallory@example.com'))['link'])
  const cookie = await accept(
    codeOf((await appoint('fresh', 'olga@example.com'))['link']),
    'eight silver ladders',
  )
  expect(await whoIs(cookie)).toBe('olga@example.com')
  expect((await refusalOf(accept(kept, 'ten hidden passages')))?.reason).toBe('dead_link')
  for (const email of ['mallory@example.com', ADA.email])
    expect((await refusalOf(appoint('fresh', email)))?.reason).toBe('has_owner')
  const left = sql`select from app.account_tenant where tenant_of = ${fresh} and user_id = ${ADA.email}`
  expect(await it.gatehouse.opened.database.system('sign_in', tx => tx.all(left))).toEqual([])
})

test('the first owner of a tenant is the operator who names themselves, at once and on the record of the tenant', async () => {
  const tenantId = await it.createTenant('own')
  // A key or a shell that names somebody's address is not that person.
  expect(await appoint('own', ADA.email, 'operator:key:1')).toMatchObject({ joined: false })
  expect(await appoint('own', ADA.email)).toMatchObject({ joined: true, link: null })
  const asked = it.run<{ rows: object[] }>({ tenantId }, 'list_audit', { operation: 'appoint_owner' })
  const row = { subject: `operator:${ADA.email}`, object: `user:${ADA.email}` }
  expect((await asked).rows).toContainEqual(expect.objectContaining(row))
})
