import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Principal, TenantPrincipal } from '../../gate/call.ts'
import { defineOperation } from '../../gate/operation.ts'
import { fault } from '../../platform/faults.ts'
import { operationServer } from './serve-operations.ts'

const nothing = z.strictObject({})
const words = { title: '', description: '', input: nothing, output: nothing, run: async () => ({}) }
const catalog = [
  defineOperation({ ...words, name: 'of_tenant', realm: 'tenant', access: 'read', scope: 'documents:read' }),
  defineOperation({ ...words, name: 'of_operator', realm: 'deployment', access: 'read' }),
]
const ADA: TenantPrincipal = {
  realm: 'tenant',
  tenantId: 't1',
  subject: 'ada',
  scopes: new Set(),
  tokenId: 'j',
  expiresAt: 1,
}
const LIMIT = { name: 'user', perSecond: 1, burst: 1 }

function server({ isTooFast = false } = {}) {
  const ran: { name: string; principal: Principal }[] = []
  const serve = operationServer({
    catalog,
    operator: () => ({ realm: 'deployment', subject: 'operator:me' }),
    authenticate: async authorization => {
      if (authorization !== 'Bearer good') throw fault('unauthenticated')
      return ADA
    },
    limitPrincipal: async () => ({
      allowed: !isTooFast,
      decisions: [{ limit: LIMIT, allowed: !isTooFast, remaining: 0, retryAfterMs: 250, resetAfterMs: 0 }],
    }),
    run: async ({ name }, _request, principal) => {
      ran.push({ name, principal })
      return {}
    },
  })
  const ask = (name: string, authorization?: string) =>
    serve({ name, input: {}, authorization, requestId: 'r', signal: new AbortController().signal })
  return { ask, ran }
}

test('without a header it is the operator, with one the token’s principal', async () => {
  const { ask, ran } = server()
  await ask('of_operator')
  await ask('of_tenant', 'Bearer good')
  expect(ran).toEqual([
    { name: 'of_operator', principal: { realm: 'deployment', subject: 'operator:me' } },
    { name: 'of_tenant', principal: ADA },
  ])
})

test('neither reaches an operation of the other realm', async () => {
  const { ask, ran } = server()
  await expect(ask('of_tenant')).rejects.toMatchObject({ code: 'not_found' })
  await expect(ask('of_operator', 'Bearer good')).rejects.toMatchObject({ code: 'not_found' })
  expect(ran).toEqual([])
})

test.for(['', 'Bearer', 'Bearer bad', 'Basic b3A6'])(
  'the header %j never makes an operator',
  async header => {
    const { ask, ran } = server()
    for (const name of ['of_operator', 'of_tenant', 'nothing'])
      await expect(ask(name, header)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(ran).toEqual([])
  },
)

test('a tenant’s caller who is too fast is told when to come back', async () => {
  const { ask, ran } = server({ isTooFast: true })
  await expect(ask('of_tenant', 'Bearer good')).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 250,
  })
  expect(ran).toEqual([])
})
