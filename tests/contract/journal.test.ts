// The journal: events are numbered without gaps whoever writes them, are read from any place on, hold what was put
// into them; and another tenant's streams are not there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tenantDoors, type TenantDoors } from '../../src/platform/db/tenant-doors.ts'
import {
  append,
  deleteStream,
  openStream,
  readEvents,
  type Cursor,
  type JournalEvent,
  type StreamKey,
} from '../../src/platform/journal/journal.ts'
import { takeOver } from '../../src/platform/journal/run.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf, stateOf } from '../harness/refusal.ts'

let db: TestDatabase
let tenantId: string
let doors: TenantDoors
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  doors = doorsOf(tenantId)
})
afterAll(() => db.close())

const doorsOf = (id: string): TenantDoors => tenantDoors(db.database, { tenantId: id, subject: 'x' })

async function opened(): Promise<StreamKey> {
  const key = { tenantId, streamId: uuidv7() }
  await doors.write(tx => openStream(tx, key))
  return key
}

const write = (key: StreamKey, data: unknown): Promise<number> =>
  doors.write(tx => append(tx, key, 'noted', data))
const read = (cursors: Cursor[], limit = 1_000): Promise<JournalEvent[]> =>
  doors.read(tx => readEvents(tx, tenantId, cursors, limit))
const all = ({ streamId }: StreamKey): Promise<JournalEvent[]> => read([{ streamId, after: 0 }])
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe('appending', () => {
  test('50 at once: numbers 1 to 50, none missing, none twice, in the order in which they stand', async () => {
    const key = await opened()
    const numbers = await Promise.all(upTo(50).map(n => write(key, { n })))
    expect(numbers.toSorted((a, b) => a - b)).toStrictEqual(upTo(50))
    const events = await all(key)
    expect(events.map(({ sequence }) => sequence)).toStrictEqual(upTo(50))
    for (const { sequence, data } of events) expect(numbers[(data as { n: number }).n - 1]).toBe(sequence)
  })

  test('a number that was rolled back is given again', async () => {
    const key = await opened()
    await write(key, 1)
    const undone = doors.write(async tx => {
      await append(tx, key, 'noted', 2)
      throw new Error('undo')
    })
    expect(await refusalOf(undone)).toBeDefined()
    expect(await write(key, 3)).toBe(2)
    expect((await all(key)).map(({ data }) => data)).toStrictEqual([1, 3])
  })

  test('several in one transaction; opening the stream again changes nothing', async () => {
    const key = await opened()
    await doors.write(async tx => {
      for (const n of upTo(3)) expect(await append(tx, key, 'noted', n)).toBe(n)
      await openStream(tx, key)
    })
    expect(await write(key, 4)).toBe(4)
  })

  test('to a stream that is not there', async () => {
    expect(await refusalOf(write({ tenantId, streamId: uuidv7() }, 1))).toMatchObject({ code: 'not_found' })
  })

  test('any JSON comes back as it went in, without NUL and lone surrogates', async () => {
    const key = await opened()
    const values = [
      null,
      false,
      0,
      -1.5e-300,
      Number.MAX_VALUE,
      '',
      'é𝄞\u{10ffff}\\u0000"',
      [],
      [1, [null]],
      {},
      { '': { a: [{}] } },
      { ['__proto__']: 1 },
    ]
    for (const value of values) await write(key, value)
    expect((await all(key)).map(({ data }) => data)).toStrictEqual(values)
    await write(key, { 'a\0b': ['x\0y', '\ud800z\udfff'], left: undefined })
    expect((await all(key)).at(-1)?.data).toStrictEqual({ ab: ['xy', '\ufffdz\ufffd'] })
  })

  const circle: { self?: unknown } = {}
  circle.self = circle
  test.each<[string, unknown, string]>([
    ['NaN', { a: [Number.NaN] }, 'data.a.0 is NaN'],
    ['infinity', -Infinity, 'data is -Infinity'],
    ['a bigint', { n: 1n }, 'data.n is bigint'],
    ['nothing', undefined, 'data is undefined'],
    ['a function', { f: () => 1 }, 'data.f is function'],
    ['a date', { at: new Date(0) }, 'data.at is Date'],
    ['a map', new Map(), 'data is Map'],
    ['a circle', circle, 'deeper than 100'],
    ['a megabyte', 'x'.repeat(1_048_576), 'an event of 1048578 characters'],
  ])('what is no event is refused by its place: %s', async (_, value, said) => {
    const key = await opened()
    const refusal = await refusalOf(write(key, value))
    expect(refusal).toMatchObject({ code: 'internal' })
    expect(refusal?.message).toContain(said)
    expect(await all(key)).toStrictEqual([])
  })
})

describe('reading', () => {
  test('from any cursor: everything after it, nothing else', async () => {
    const key = await opened()
    for (const n of upTo(5)) await write(key, n)
    for (const after of [0, ...upTo(6)]) {
      const events = await read([{ ...key, after }])
      expect(events.map(({ sequence }) => sequence)).toStrictEqual(upTo(5).slice(after))
    }
  })

  test('several streams, in pieces of any size: each in order and whole, and none waits for another', async () => {
    const keys = [await opened(), await opened(), await opened()]
    const lengths = [40, 3, 0]
    for (const [i, key] of keys.entries()) {
      await doors.write(async tx => {
        for (const n of upTo(lengths[i] ?? 0)) await append(tx, key, 'noted', n)
      })
    }
    for (const limit of [1, 2, 7, 100]) {
      const after = new Map(keys.map(({ streamId }) => [streamId, 0]))
      let reads = 0
      for (;;) {
        const cursors = [...after].map(([streamId, last]) => ({ streamId, after: last }))
        const events = await read(cursors, limit)
        if (events.length === 0) break
        if (++reads === 1 && limit > 1) expect(new Set(events.map(({ streamId }) => streamId)).size).toBe(2)
        expect(events.length).toBeLessThanOrEqual(limit)
        for (const { streamId, sequence } of events) {
          expect(sequence).toBe((after.get(streamId) ?? 0) + 1)
          after.set(streamId, sequence)
        }
      }
      expect([...after.values()]).toStrictEqual(lengths)
    }
  })
})

describe("another tenant's stream", () => {
  test('is like one that is not there, for every verb', async () => {
    const key = await opened()
    await write(key, 'mine')
    const stranger = await db.createTenant()
    const strange = doorsOf(stranger)
    for (const guess of [key, { ...key, tenantId: stranger }]) {
      const cursors = [{ streamId: key.streamId, after: 0 }]
      expect(await strange.read(tx => readEvents(tx, guess.tenantId, cursors, 10))).toStrictEqual([])
      expect(await refusalOf(strange.write(tx => append(tx, guess, 'noted', 1)))).toMatchObject({
        code: 'not_found',
      })
      expect(await refusalOf(takeOver(strange, guess))).toMatchObject({ code: 'not_found' })
      expect(await strange.write(tx => deleteStream(tx, guess))).toBe(false)
    }
    expect(await stateOf(strange.write(tx => openStream(tx, { tenantId, streamId: uuidv7() })))).toBe('42501')
    expect((await all(key)).map(({ data }) => data)).toStrictEqual(['mine'])
    // The same id is free for a stream of one's own.
    const own = { ...key, tenantId: stranger }
    await strange.write(tx => openStream(tx, own))
    expect(await strange.write(tx => append(tx, own, 'noted', 'theirs'))).toBe(1)
    expect(await write(key, 'mine too')).toBe(2)
  })
})

test('a stream goes with its events and steps, once', async () => {
  const key = await opened()
  const run = await takeOver(doors, key)
  await run.append('noted', 1)
  await run.step('one', async () => 1)
  expect(await doors.write(tx => deleteStream(tx, key))).toBe(true)
  expect(await doors.write(tx => deleteStream(tx, key))).toBe(false)
  for (const table of ['journal_event', 'journal_step'])
    expect(await db.asAdmin(`select 1 from app.${table} where stream_id = $1`, [key.streamId])).toHaveLength(
      0,
    )
})
