// Signing keys rotated under load, on a whole Gatehouse: no valid token is refused, old or new, and a retired key's are.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Fault } from '../../src/platform/faults.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

const ROTATIONS = 4
const CALLERS = 8

// Decided in memory: one engine is enough.
describe.runIf(inject('engine') === 'postgres')('signing keys', () => {
  let g: TestGatehouse
  beforeAll(async () => {
    g = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '100000', GATEHOUSE_RATE_BURST: '100000' })
    await g.createTenant('acme')
  })
  afterAll(() => g.close())

  const reasonOf = (token: string): Promise<string> =>
    g.gatehouse.authenticate(`Bearer ${token}`).then(
      () => 'accepted',
      (error: unknown) => (error as Fault).reason ?? (error as Fault).code,
    )

  test('AU19: keys are rotated while tokens of all of them are in use, and none is refused', async () => {
    const tokens = [await g.token('acme')]
    const kids: string[] = []
    const outcomes = new Map<string, number>()
    let isOver = false
    const note = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    const caller = async (n: number): Promise<void> => {
      for (let call = n; !isOver; call++) {
        note(await reasonOf(tokens[call % tokens.length]!))
        // The whole way now and then: over HTTP, to the database.
        if (call % 20 === 0) note(String((await g.call(tokens.at(-1)!, 'list_documents', {})).status))
        await new Promise(resolve => void setImmediate(resolve))
      }
    }
    const callers = Array.from({ length: CALLERS }, (_, n) => caller(n))
    try {
      for (let rotation = 0; rotation < ROTATIONS; rotation++) {
        const { kid, retiring } = await g.gatehouse.operate('rotate_signing_key', {})
        kids.push(String(retiring))
        // At once, and signed by another process a moment later.
        tokens.push(await g.token('acme'), await g.token('acme'))
        expect(String(kid)).not.toBe(String(retiring))
      }
    } finally {
      isOver = true
      await Promise.all(callers)
    }
    expect([...outcomes.keys()].toSorted()).toEqual(['200', 'accepted'])
    expect(outcomes.get('accepted')).toBeGreaterThan(ROTATIONS * CALLERS)
    expect(new Set(await Promise.all(tokens.map(reasonOf)))).toEqual(new Set(['accepted']))

    // The first token's key leaves; the tokens of the others stay.
    await g.gatehouse.operate('retire_signing_key', { kid: kids[0] })
    expect(await Promise.all(tokens.map(reasonOf))).toEqual([
      'invalid',
      ...tokens.slice(1).map(() => 'accepted'),
    ])
    expect((await g.call(tokens[0]!, 'list_documents', {})).status).toBe(401)
  })
})
