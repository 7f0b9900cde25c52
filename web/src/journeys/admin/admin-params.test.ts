import { expect, test } from 'vitest'
import { auditParams, keysParams, tenantsParams, usersParams } from './admin-params.ts'

test('what is known stays', () => {
  const users = { view: 'groups', find: 'ad', group: 'team', role: 'owner', status: 'disabled', after: 'ada' }
  expect(usersParams(users)).toEqual(users)
  const audit = {
    user: 'ada',
    operation: 'ask',
    outcome: 'refused',
    cursor: 'abc',
    from: '2026-01-31T12:00:00.000Z',
  }
  expect(auditParams(audit)).toEqual(audit)
  expect(tenantsParams({ view: 'tiers', find: 'x', make: true })).toEqual({
    view: 'tiers',
    find: 'x',
    make: true,
  })
  expect(keysParams({ view: 'signing' })).toEqual({ view: 'signing' })
})

test('what is unknown, empty or of another kind is dropped', () => {
  expect(usersParams({ view: 'x', find: '', group: {}, role: 'root', status: 1, after: null })).toEqual({})
  expect(auditParams({ outcome: 'odd', from: 'yesterday', to: 5, user: [] })).toEqual({})
  expect(tenantsParams({ make: 'yes' })).toEqual({})
})

test('a name of digits alone, which the router reads as a number, is a name', () => {
  expect(auditParams({ user: 42 })).toEqual({ user: '42' })
})
