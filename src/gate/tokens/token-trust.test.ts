import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database, Statement, Writer } from '../../platform/db/database.ts'
import { onWire } from '../../platform/db/statements.ts'
import { tokenTrust } from './token-trust.ts'

type Report = (...words: unknown[]) => void

let jwk: JWK
beforeAll(async () => {
  jwk = await exportJWK((await generateKeyPair('RS256')).publicKey)
})
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A database of two tables; `reads` counts the transactions, `down` makes them fail, `slow` holds them up. */
function twoTables() {
  const tables = { reads: 0, down: false, kids: ['key-1'], revoked: [] as string[], slow: Promise.resolve() }
  const system: Database['system'] = async (_reason, fn) => {
    tables.reads++
    if (tables.down) throw new Error('the database is away')
    const kids = [...tables.kids]
    await tables.slow
    const all = async (statement: Statement): Promise<unknown[]> =>
      onWire(statement).text.includes('signing_key')
        ? kids.map(kid => ({ kid, public_jwk: jwk, accepted_until: null }))
        : tables.revoked.map(token_id => ({
            token_id,
            revoked_at: new Date(),
            expires_at: new Date(Date.now() + 3.6e6),
          }))
    return fn({ all } as Writer)
  }
  const log = { warn: vi.fn<Report>(), info: vi.fn<Report>() }
  return { tables, log, trust: tokenTrust({ database: { system }, log }) }
}

describe('keys and revocations in memory', () => {
  test('they are read at the start and every second, until stopped', async () => {
    const { tables, trust } = twoTables()
    await trust.start()
    expect(trust.key('key-1')).toBeDefined()
    tables.kids = ['key-2']
    tables.revoked = ['token-1']
    await vi.advanceTimersByTimeAsync(1_000)
    expect([trust.key('key-1'), trust.isRevoked('token-1')]).toEqual([undefined, true])
    expect(trust.key('key-2')).toBeDefined()
    trust.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(tables.reads).toBe(2)
  })

  test('a start without a database fails, and nothing is trusted before the first reading', async () => {
    const { tables, trust } = twoTables()
    expect(() => trust.requireFresh()).toThrow(expect.objectContaining({ code: 'unavailable' }))
    tables.down = true
    await expect(trust.start()).rejects.toThrow('away')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(tables.reads).toBe(1)
  })

  test('while the database is away what was known stands for a minute, then nothing; it heals by itself', async () => {
    const { tables, log, trust } = twoTables()
    await trust.start()
    tables.down = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(() => trust.requireFresh()).not.toThrow()
    expect(trust.key('key-1')).toBeDefined()
    await vi.advanceTimersByTimeAsync(1)
    expect(() => trust.requireFresh()).toThrow(expect.objectContaining({ code: 'unavailable' }))
    tables.down = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect(() => trust.requireFresh()).not.toThrow()
    expect([log.warn.mock.calls.length, log.info.mock.calls.length]).toEqual([1, 1])
    trust.stop()
  })

  test('AU16: what changes anything needs knowledge of the last five seconds: it is read anew, or refused', async () => {
    const { tables, trust } = twoTables()
    await trust.refresh()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await trust.renew()).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    tables.revoked = ['token-1']
    expect([await trust.renew(), trust.isRevoked('token-1'), tables.reads]).toEqual([true, true, 2])
    await vi.advanceTimersByTimeAsync(5_001)
    tables.down = true
    await expect(trust.renew()).rejects.toMatchObject({ code: 'unavailable' })
    expect(() => trust.requireFresh()).not.toThrow()
  })

  test('AU16: who needs fresh knowledge does not wait for a database that hangs', async () => {
    const { tables, trust } = twoTables()
    await trust.refresh()
    await vi.advanceTimersByTimeAsync(5_001)
    tables.slow = new Promise(() => undefined)
    const renewing = trust.renew().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await renewing).toMatchObject({ code: 'unavailable' })
  })

  test('parts that are handed in are read in the same transaction, and can know revoked credentials', async () => {
    const { tables, log } = twoTables()
    const loads: number[] = []
    const part = {
      load: async (_tx: unknown, now: number) => {
        loads.push(now)
        return ['something is refused']
      },
      isRevoked: (id: string) => id === 'key:1',
    }
    const system: Database['system'] = (_reason, fn) => {
      tables.reads++
      return fn({ all: async () => [] } as unknown as Writer)
    }
    const trust = tokenTrust({ database: { system }, log, parts: [part] })
    await trust.refresh()
    expect([loads.length, tables.reads]).toEqual([1, 1])
    expect(log.warn.mock.calls[0]?.[1]).toBe('something is refused')
    expect([trust.isRevoked('key:1'), trust.isRevoked('key:2')]).toEqual([true, false])
  })

  test('a change of the wall clock does not make old knowledge fresh', async () => {
    const { tables, trust } = twoTables()
    await trust.start()
    tables.down = true
    await vi.advanceTimersByTimeAsync(61_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(() => trust.requireFresh()).toThrow(expect.objectContaining({ code: 'unavailable' }))
    trust.stop()
  })

  test('one reading runs at a time; all who ask meanwhile share the next, and none is answered from before', async () => {
    const { tables, trust } = twoTables()
    const gate = Promise.withResolvers<void>()
    tables.slow = gate.promise
    const first = trust.refresh()
    tables.kids = ['key-2']
    const later = Promise.all([trust.refresh(), trust.refresh(), trust.refresh()])
    gate.resolve()
    await first
    expect(trust.key('key-2')).toBeUndefined()
    await later
    expect(trust.key('key-2')).toBeDefined()
    expect(tables.reads).toBe(2)
  })

  test('an unknown key is looked for once in five seconds, however many ask', async () => {
    const { tables, trust } = twoTables()
    await trust.refresh()
    tables.kids.push('key-2')
    const found = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => trust.lookFor(n === 999 ? 'key-2' : `x${n}`)),
    )
    expect(found.filter(key => key !== undefined)).toHaveLength(1)
    expect(tables.reads).toBe(2)
    tables.kids.push('key-3')
    expect(await trust.lookFor('key-3')).toBeUndefined()
    expect(tables.reads).toBe(2)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await trust.lookFor('key-3')).toBeDefined()
    expect(tables.reads).toBe(3)
  })

  test('a key made while a reading is under way is found by the reading after it', async () => {
    const { tables, trust } = twoTables()
    const gate = Promise.withResolvers<void>()
    tables.slow = gate.promise
    const underWay = trust.refresh()
    tables.kids.push('key-2')
    const found = trust.lookFor('key-2')
    gate.resolve()
    await underWay
    expect(await found).toBeDefined()
  })

  test('looking for a key while the database is away finds nothing and does not fail', async () => {
    const { tables, trust } = twoTables()
    await trust.refresh()
    tables.down = true
    expect(await trust.lookFor('key-2')).toBeUndefined()
  })

  test('a key that is refused is reported once, not every second', async () => {
    const { log, trust } = twoTables()
    const before = jwk
    jwk = { kty: 'RSA' }
    await trust.start()
    await vi.advanceTimersByTimeAsync(3_000)
    jwk = before
    expect(log.warn).toHaveBeenCalledTimes(1)
    expect(log.warn.mock.calls[0]?.[1]).toContain('key-1 is refused')
    trust.stop()
  })
})
