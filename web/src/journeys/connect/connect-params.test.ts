import { expect, test } from 'vitest'
import { connectParams, scopesOf } from './connect-params.ts'

test('what is known stands in the address, anything else is dropped', () => {
  const known = { client: 'cursor', life: 900, scopes: ['documents:read', 'documents:write'] }
  expect(connectParams(known)).toStrictEqual(known)
  expect(connectParams({ client: 'nobody', life: 31_536_000, scopes: ['budgets:grant', 7] })).toStrictEqual(
    {},
  )
  expect(connectParams({ scopes: 'documents:read' })).toStrictEqual({})
  expect(connectParams({ token: 'eyJ' })).toStrictEqual({})
})

test('a scope is asked for once', () => {
  expect(connectParams({ scopes: ['tasks:read', 'tasks:read'] }).scopes).toStrictEqual(['tasks:read'])
})

test('a token is asked for no more than the session may', () => {
  expect(scopesOf(undefined, ['documents:read', 'tasks:read', 'tasks:write'])).toStrictEqual([
    'documents:read',
    'tasks:read',
    'tasks:write',
  ])
  expect(scopesOf(['documents:read', 'documents:write'], ['documents:read'])).toStrictEqual([
    'documents:read',
  ])
})
