import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fault } from '../platform/faults.ts'
import { inRequest, requestContext } from '../platform/telemetry/request-context.ts'
import type { DeploymentPrincipal, SystemCall, TenantPrincipal, WriteCall } from './call.ts'
import type { CallTrail, OpenedCall } from './open-call.ts'
import { defineOperation, type Operation } from './operation.ts'
import { operationRunner, type Outcome } from './run-operation.ts'

const principal: TenantPrincipal = {
  realm: 'tenant',
  tenantId: '0198aaaa-0000-7000-8000-000000000001',
  subject: 'ada',
  scopes: new Set(['probe:read']),
  tokenId: 'jti',
  expiresAt: 0,
}
const operator: DeploymentPrincipal = { realm: 'deployment', subject: 'operator' }
const trail = { principal, isRecorded: () => false } as unknown as CallTrail
const asTenant = (over: Partial<TenantPrincipal> = {}): OpenedCall => ({
  realm: 'tenant',
  trail,
  call: { principal: { ...principal, ...over } } as unknown as WriteCall,
})
const asOperator: OpenedCall = {
  realm: 'deployment',
  trail,
  call: { principal: operator } as unknown as SystemCall,
}

const input = z.strictObject({ n: z.int().min(1) })
const output = z.object({ doubled: z.number() })

/** A runner over a tenant's operation whose stages tell when they ran. */
function probe(
  run: (input: { n: number }) => Promise<{ doubled: number }>,
  takeToken: () => void | Promise<void> = () => undefined,
) {
  const ran: string[] = []
  const outcomes: Outcome[] = []
  const operation: Operation = defineOperation({
    name: 'probe',
    title: '',
    description: '',
    realm: 'tenant',
    access: 'read',
    scope: 'probe:read',
    input,
    output,
    run: async given => {
      ran.push('run')
      return run(given)
    },
  })
  const runOperation = operationRunner({
    takeToken: () => {
      ran.push('rate-limit')
      return takeToken()
    },
    record: async (_operation, _opened, outcome) => {
      ran.push('record')
      outcomes.push(outcome)
    },
  })
  return { ran, outcomes, operation, runOperation }
}

const double = ({ n }: { n: number }) => Promise.resolve({ doubled: 2 * n })

describe('the order of the stages', () => {
  test('authorize, rate-limit, validate, run, record: each is a stage that was timed, under its name', async () => {
    const { runOperation, operation, ran } = probe(double)
    await inRequest('r1', async () => {
      expect(await runOperation(operation, { n: 2 }, asTenant())).toStrictEqual({ doubled: 4 })
      expect(requestContext()?.timings.map(({ name }) => name)).toStrictEqual([
        'authorize',
        'rate-limit',
        'validate',
        'probe',
        'record',
      ])
    })
    expect(ran).toStrictEqual(['rate-limit', 'run', 'record'])
  })

  test('a missing scope costs no token and is on record', async () => {
    const { runOperation, operation, ran, outcomes } = probe(double)
    await expect(
      runOperation(operation, { n: 2 }, asTenant({ scopes: new Set(['probe:write']) })),
    ).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'insufficient_scope',
      say: 'probe needs the scope probe:read.',
    })
    expect(ran).toStrictEqual(['record'])
    expect(outcomes).toMatchObject([{ ok: false, fault: { code: 'forbidden' } }])
  })

  test('a caller of another realm is refused, whatever the scopes', async () => {
    const { runOperation, operation, ran } = probe(double)
    await expect(runOperation(operation, { n: 2 }, asOperator)).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'wrong_realm',
    })
    const deployed = defineOperation({
      name: 'list_tenants',
      title: '',
      description: '',
      realm: 'deployment',
      access: 'read',
      input,
      output,
      run: double,
    })
    await expect(
      runOperation(deployed, { n: 2 }, asTenant({ scopes: new Set(['list_tenants', '*', 'admin']) })),
    ).rejects.toMatchObject({ code: 'forbidden', reason: 'wrong_realm' })
    expect(await runOperation(deployed, { n: 2 }, asOperator)).toStrictEqual({ doubled: 4 })
    expect(ran).toStrictEqual(['record', 'record', 'rate-limit', 'record'])
  })

  test('the limit stands before validation: a malformed call uses it up too', async () => {
    const malformed = probe(double)
    await expect(malformed.runOperation(malformed.operation, { n: 0 }, asTenant())).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect(malformed.ran).toStrictEqual(['rate-limit', 'record'])

    const limited = probe(double, () => {
      throw fault('rate_limited', { retryAfterMs: 500 })
    })
    await expect(limited.runOperation(limited.operation, { n: 0 }, asTenant())).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 500,
    })
    expect(limited.ran).toStrictEqual(['rate-limit', 'record'])
  })

  test('a limit that answers later is waited for', async () => {
    const limited = probe(double, async () => {
      await Promise.resolve()
      throw fault('rate_limited')
    })
    await expect(limited.runOperation(limited.operation, { n: 1 }, asTenant())).rejects.toMatchObject({
      code: 'rate_limited',
    })
    expect(limited.ran).not.toContain('run')
  })

  test('the answer waits until the outcome is on record', async () => {
    const { operation } = probe(double)
    const recorded = Promise.withResolvers<void>()
    const runOperation = operationRunner({ takeToken: () => undefined, record: () => recorded.promise })
    const answer = runOperation(operation, { n: 1 }, asTenant()).then(() => 'answered')
    expect(await Promise.race([answer, new Promise(resolve => setTimeout(resolve, 20, 'waiting'))])).toBe(
      'waiting',
    )
    recorded.resolve()
    expect(await answer).toBe('answered')
  })

  test('a record that may not fail takes the answer back', async () => {
    const { operation } = probe(double)
    const runOperation = operationRunner({
      takeToken: () => undefined,
      record: () => Promise.reject(fault('unavailable')),
    })
    await expect(runOperation(operation, { n: 1 }, asTenant())).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the outcome', () => {
  test('is stripped to what the operation declares', async () => {
    const { runOperation, operation, outcomes } = probe(() =>
      Promise.resolve({ doubled: 2, tenant_secret: 'x' }),
    )
    expect(await runOperation(operation, { n: 1 }, asTenant())).toStrictEqual({ doubled: 2 })
    expect(outcomes).toStrictEqual([{ ok: true, value: { doubled: 2 } }])
  })

  test.each<[what: string, thrown: () => unknown]>([
    ['an error', () => new Error('select * from secret_table failed for hunter2')],
    ['a TypeError', () => new TypeError('undefined is not a function')],
    ['a string', () => 'hunter2'],
    ['nothing at all', () => undefined],
    ['what looks like a fault but is none', () => ({ code: 'forbidden', say: 'hunter2' })],
  ])('%s thrown becomes internal, with the fixed sentence and nothing of its words', async (_, thrown) => {
    const { runOperation, operation, outcomes } = probe(() => {
      throw thrown() as Error
    })
    const error = await runOperation(operation, { n: 1 }, asTenant()).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      name: 'Fault',
      code: 'internal',
      issues: [],
      reason: undefined,
      say: 'Something went wrong on our side. It has been logged under the request id.',
    })
    expect(outcomes).toMatchObject([{ ok: false, fault: { code: 'internal' } }])
  })

  test('an output that breaks its schema is internal', async () => {
    const { runOperation, operation } = probe(() =>
      Promise.resolve({ doubled: 'four' } as unknown as { doubled: number }),
    )
    await expect(runOperation(operation, { n: 1 }, asTenant())).rejects.toMatchObject({ code: 'internal' })
  })

  test('a fault passes as it is', async () => {
    const { runOperation, operation } = probe(() =>
      Promise.reject(fault('not_found', { say: 'There is no such thing.' })),
    )
    await expect(runOperation(operation, { n: 1 }, asTenant())).rejects.toMatchObject({
      code: 'not_found',
      say: 'There is no such thing.',
    })
  })
})
