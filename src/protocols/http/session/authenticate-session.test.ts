import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { sessionAuthenticator } from './authenticate-session.ts'

const publicUrl = 'http://127.0.0.1:8080'
const inTenant = {
  realm: 'tenant' as const,
  tenantId: 'a',
  subject: 'ada',
  scopes: new Set<string>(),
  tokenId: 'session:1',
  expiresAt: 0,
}
const operator = { realm: 'deployment' as const, subject: 'operator:ada' }

const asked = (principal: typeof inTenant | typeof operator, headers: Record<string, string>) =>
  sessionAuthenticator({ publicUrl, sessions: { authenticate: async () => principal } })({
    method: 'POST',
    headers: { cookie: 'gatehouse=abc', origin: publicUrl, host: '127.0.0.1:8080', ...headers },
  } as unknown as FastifyRequest)

test.each([
  ['a', inTenant],
  ['deployment', operator],
])('UI06 a page that was opened where the session acts is let in: %s', async (place, principal) => {
  expect(await asked(principal, { 'gatehouse-place': place })).toBe(principal)
})

test.each([
  ['b', inTenant],
  ['deployment', inTenant],
  ['a', operator],
])(
  'UI06 a page that was opened in %s does nothing once the session acts elsewhere',
  async (place, principal) => {
    await expect(asked(principal, { 'gatehouse-place': place })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'other_place',
    })
  },
)

test('a program that names no place acts where its session does', async () => {
  expect(await asked(inTenant, {})).toBe(inTenant)
})

test('a credential in the header decides alone, whatever cookie comes with it', async () => {
  expect(await asked(inTenant, { authorization: 'Bearer x' })).toBeUndefined()
})

test('UI03 another page begins no download with the cookie of who is signed in; the page itself and an address that was typed do', async () => {
  const read = (site: string) =>
    sessionAuthenticator({ publicUrl, sessions: { authenticate: async () => inTenant } })({
      method: 'GET',
      headers: { cookie: 'gatehouse=abc', host: '127.0.0.1:8080', 'sec-fetch-site': site },
    } as unknown as FastifyRequest)
  for (const site of ['same-origin', 'none']) expect(await read(site)).toBe(inTenant)
  for (const site of ['cross-site', 'same-site'])
    await expect(read(site)).rejects.toMatchObject({ code: 'forbidden', reason: 'cross_site' })
})
