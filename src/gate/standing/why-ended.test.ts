import { describe, expect, test } from 'vitest'
import { fault } from '../../platform/faults.ts'
import type { Principal, TenantPrincipal } from '../call.ts'
import { unauthenticated } from '../tokens/unauthenticated.ts'
import { whyEnded } from './why-ended.ts'

const principal: TenantPrincipal = Object.freeze({
  realm: 'tenant',
  tenantId: 'a',
  subject: 'ada',
  scopes: new Set(['documents:read', 'documents:write']),
  tokenId: 'jti',
  expiresAt: 1_000,
})
const operator: Principal = { realm: 'deployment', subject: 'operator:key:1' }
const isNow = (now: Principal | Error, before: Principal = principal, atSeconds = 999) =>
  whyEnded(
    {
      principal: before,
      identify: async () => {
        if (now instanceof Error) throw now
        return now
      },
    },
    atSeconds * 1_000,
  )

describe('AU17 what ends a call that is under way', () => {
  test('nothing, while who called would be let in as the same, with as much or more', async () => {
    expect(await isNow({ ...principal })).toBeUndefined()
    expect(
      await isNow({ ...principal, scopes: new Set([...principal.scopes, 'users:read']) }),
    ).toBeUndefined()
    expect(await isNow(operator, operator)).toBeUndefined()
  })

  test('nothing, while nobody can tell', async () => {
    expect(await isNow(fault('unavailable'))).toBeUndefined()
  })

  test('UI06 a request that was meant for another tenant than its session is in by now', async () => {
    const problem = fault('conflict', { reason: 'other_place', say: 'Load it again.' })
    expect(await isNow(problem)).toBe(problem)
  })

  test.each([
    ['its end, to the second', () => isNow(principal, principal, 1_000)],
    ['a revocation', () => isNow(unauthenticated('revoked'))],
    ['a session that was signed out', () => isNow(unauthenticated('expired', 'no such session'))],
    ['a disabled user', () => isNow(unauthenticated('user_disabled'))],
    ['a role that allows less', () => isNow({ ...principal, scopes: new Set(['documents:read']) })],
    ['a session that acts in another tenant', () => isNow({ ...principal, tenantId: 'b' })],
    ['a session that acts for the deployment', () => isNow(operator)],
    ["an operator's key that is revoked", () => isNow(unauthenticated('revoked'), operator)],
  ])('%s', async (_what, ended) => {
    expect(await ended()).toMatchObject({ code: 'unauthenticated', reason: 'auth_expired' })
  })
})
