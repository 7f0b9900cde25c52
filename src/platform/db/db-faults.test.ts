import { describe, expect, test } from 'vitest'
import { fault } from '../faults.ts'
import { databaseFault } from './db-faults.ts'

const driverError = (code: string | undefined, message = 'duplicate key value violates "secret_key"') =>
  Object.assign(new Error(message), code === undefined ? {} : { code }, {
    detail: 'Key (title)=(hunter2) exists.',
  })

describe('an error of the database as a fault', () => {
  test.each([
    ['23505', 'conflict'],
    ['57014', 'timeout'],
    ['40001', 'unavailable'],
    ['40P01', 'unavailable'],
    ['55P03', 'unavailable'],
    ['53300', 'unavailable'],
    ['57P01', 'unavailable'],
    ['08006', 'unavailable'],
    ['22021', 'invalid_input'],
    ['22P05', 'invalid_input'],
    ['54000', 'invalid_input'],
    ['42501', 'internal'],
    ['42601', 'internal'],
    ['25006', 'internal'],
    ['25P02', 'internal'],
    ['XX000', 'internal'],
    ['ECONNREFUSED', 'unavailable'],
    ['ECONNRESET', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
    ['EACCES', 'internal'],
    [undefined, 'internal'],
  ] as const)('%s is %s', (state, code) => {
    expect(databaseFault(driverError(state))).toMatchObject({ name: 'Fault', code })
  })

  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
  ])('without a code, "%s" is unavailable', message => {
    expect(databaseFault(driverError(undefined, message))).toMatchObject({ code: 'unavailable' })
  })

  test('the refusal of an inactive tenant says so, and no other refusal does', () => {
    expect(databaseFault(driverError('42501', 'tenant_inactive'))).toMatchObject({
      code: 'forbidden',
      reason: 'tenant_inactive',
      say: 'This tenant is not active.',
    })
    expect(databaseFault(driverError('P0001', 'tenant_inactive'))).toMatchObject({
      code: 'internal',
      reason: undefined,
    })
  })

  test('a fault passes as it is', () => {
    const own = fault('not_found')
    expect(databaseFault(own)).toBe(own)
  })

  test('what is thrown need not be an error', () => {
    for (const thrown of ['text', 5, {}, undefined, null])
      expect(databaseFault(thrown)).toMatchObject({ code: 'internal' })
  })

  test('the driver’s words are kept for the log, and none may be said', () => {
    const thrown = driverError('23505')
    const { say, reason, issues, cause, message } = databaseFault(thrown)
    expect(JSON.stringify({ say, reason, issues })).not.toMatch(/hunter2|secret_key|23505/)
    expect(message).toContain('23505')
    expect(cause).toBe(thrown)
  })
})
