// Following the journal: every follower gets every event in order, whether or not hints reach it, holds nothing while
// it waits, and goes at once when it is told to.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import type { Hearing } from '../../src/platform/db/engine/engine.ts'
import { tenantDoors, type TenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { followEvents } from '../../src/platform/journal/follow.ts'
import { journalHints, type JournalHints } from '../../src/platform/journal/hints.ts'
import { append, openStream, type JournalEvent, type StreamKey } from '../../src/platform/journal/journal.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

/** Longer than any test may take: what ends before it was ended by something else. */
const FOREVER_MS = 600_000

let db: TestDatabase
let tenantId: string
let doors: TenantDoors
let never: AbortSignal
beforeAll(async () => {
  db = await openTestDatabase()
  tenantId = await db.createTenant()
  doors = tenantDoors(db.database, { tenantId, subject: 'x' })
  never = new AbortController().signal
})
afterAll(() => db.close())

async function opened(): Promise<StreamKey> {
  const key = { tenantId, streamId: uuidv7() }
  await doors.write(tx => openStream(tx, key))
  return key
}

const write = (key: StreamKey, data: unknown): Promise<number> =>
  doors.write(tx => append(tx, key, 'noted', data))
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

function hintsOf(listen = db.app.listen): JournalHints {
  const hints = journalHints(listen)
  onTestFinished(() => hints.close())
  return hints
}

describe('following', () => {
  interface Follower {
    readonly key: StreamKey
    readonly hints: JournalHints
    readonly signal?: AbortSignal
  }
  const follow = ({ key, hints, signal = never }: Follower, after: number, waitMs = FOREVER_MS) =>
    followEvents({
      read: doors.read,
      hints,
      tenantId,
      cursors: [{ streamId: key.streamId, after }],
      waitMs,
      limit: 7,
      signal,
    })

  /** Follows until it has seen `count` events. */
  async function seen(follower: Follower, count: number): Promise<JournalEvent[]> {
    const events: JournalEvent[] = []
    while (events.length < count) events.push(...(await follow(follower, events.at(-1)?.sequence ?? 0)))
    return events
  }

  test.each([
    ['hints that arrive', () => hintsOf()],
    ['hints that never do', () => hintsOf(() => Promise.resolve({ close: async () => undefined }))],
    ['no way to hear them', () => journalHints(undefined)],
    ['a connection that cannot be had', () => hintsOf(() => Promise.reject(new Error('no')))],
  ])('with %s, every follower gets every event in order', async (_, hintsFor) => {
    const key = await opened()
    const hints = hintsFor()
    const followers = Array.from({ length: 12 }, () => seen({ key, hints }, 30))
    for (const n of upTo(30)) {
      await write(key, n)
      if (n % 10 === 0) await pause(20)
    }
    for (const events of await Promise.all(followers))
      expect(events.map(({ data }) => data)).toStrictEqual(upTo(30))
  })

  test('looks again by itself: an event nobody hinted at is found', async () => {
    const key = await opened()
    const following = follow({ key, hints: journalHints(undefined) }, 0)
    await pause(50)
    await write(key, 'found')
    expect(await following).toMatchObject([{ sequence: 1, data: 'found' }])
  })

  test('asks for the hint before it looks, so that nothing falls in between', async () => {
    const key = await opened()
    const order: string[] = []
    let wake = (): void => undefined
    const hints: JournalHints = {
      restMs: () => 900,
      wait: () => {
        order.push('wait')
        return new Promise(resolve => (wake = resolve))
      },
      close: async () => undefined,
    }
    const events = await followEvents({
      hints,
      tenantId,
      cursors: [{ ...key, after: 0 }],
      waitMs: FOREVER_MS,
      limit: 10,
      signal: never,
      read: async fn => {
        order.push('look')
        const found = await doors.read(fn)
        // Written after the look, hinted before the follower waits: by hints alone it must be seen.
        if (order.length === 2) await write(key, 'in between').then(wake)
        return found
      },
    })
    expect(order).toStrictEqual(['wait', 'look', 'wait', 'look'])
    expect(events).toMatchObject([{ data: 'in between' }])
  })

  test('resolves empty when its time is over, and at once when it has none', async () => {
    const key = await opened()
    const hints = hintsOf()
    expect(await follow({ key, hints }, 0, 30)).toStrictEqual([])
    expect(await follow({ key, hints }, 0, 0)).toStrictEqual([])
    await write(key, 1)
    expect(await follow({ key, hints }, 0, 0)).toHaveLength(1)
  })

  test('ends at once on abort: while it waits, while it looks, and before it began', async () => {
    const key = await opened()
    const hints = hintsOf()
    const waiting = new AbortController()
    const ended = refusalOf(follow({ key, hints, signal: waiting.signal }, 0))
    await pause(50)
    waiting.abort()
    expect(await ended).toMatchObject({ code: 'cancelled' })

    const looking = new AbortController()
    const stuck = followEvents({
      read: () => new Promise(() => looking.abort()),
      hints,
      tenantId,
      cursors: [],
      waitMs: FOREVER_MS,
      limit: 1,
      signal: looking.signal,
    })
    expect(await refusalOf(stuck)).toMatchObject({ code: 'cancelled' })
    expect(await refusalOf(follow({ key, hints, signal: AbortSignal.abort() }, 0))).toMatchObject({
      code: 'cancelled',
    })
  })

  test('holds no transaction while it waits: each look has ended before', async () => {
    const key = await opened()
    const looked = Promise.withResolvers<void>()
    let open = 0
    const following = followEvents({
      hints: { wait: () => new Promise(() => undefined), restMs: () => 900, close: async () => undefined },
      tenantId,
      cursors: [{ ...key, after: 0 }],
      waitMs: FOREVER_MS,
      limit: 1,
      signal: never,
      read: async fn => {
        open++
        const found = await doors.read(fn)
        open--
        looked.resolve()
        return found
      },
    })
    const ended = refusalOf(Promise.race([following, looked.promise]))
    expect(await ended, 'the look ends although the hint never comes').toBeUndefined()
    expect(open).toBe(0)
  })

  test('inside a transaction is refused: it would wait for what cannot come', async () => {
    const key = await opened()
    const inside = doors.write(() => follow({ key, hints: hintsOf() }, 0))
    expect(await refusalOf(inside)).toMatchObject({ code: 'internal' })
  })
})

describe('hints', () => {
  test('wake who waits for the stream, from another connection, after the commit; and nobody else', async () => {
    const [key, other] = [await opened(), await opened()]
    const hints = hintsOf()
    // The first wait opens the connection, which wakes everybody once it stands.
    await hints.wait([], FOREVER_MS, never)
    const woken: string[] = []
    const leaving = new AbortController()
    const waits = [key, other].map(({ streamId }) =>
      hints.wait([streamId, uuidv7()], FOREVER_MS, leaving.signal).then(() => woken.push(streamId)),
    )
    await doors.write(async tx => {
      await append(tx, key, 'noted', 1)
      await pause(50)
      expect(woken).toStrictEqual([])
    })
    await waits[0]
    expect(woken).toStrictEqual([key.streamId])
    leaving.abort()
    await Promise.all(waits)
  })

  test('say which stream, and nothing of what happened', async () => {
    const payloads: string[] = []
    const heard = Promise.withResolvers<void>()
    const listening = await db.app.listen?.('gatehouse_journal', {
      heard: payload => {
        payloads.push(payload)
        heard.resolve()
      },
      listening: () => undefined,
    })
    const key = await opened()
    await doors.write(tx => append(tx, key, 'noted', 'a secret'))
    await heard.promise
    await listening?.close()
    expect(payloads).toStrictEqual([key.streamId])
  })

  test('a listener that could not be opened is tried again, and wakes everybody when it stands', async () => {
    let attempts = 0
    const hearings: Hearing[] = []
    const hints = hintsOf((channel, hearing) => {
      if (++attempts < 3) return Promise.reject(new Error(`no ${channel}`))
      hearings.push(hearing)
      hearing.listening()
      return Promise.resolve({ close: async () => undefined })
    })
    await hints.wait(['a'], FOREVER_MS, never)
    expect(attempts).toBe(3)
    const waiting = hints.wait(['b', 'a'], FOREVER_MS, never)
    hearings[0]?.heard('a')
    await waiting
    await hints.wait(['a'], FOREVER_MS, AbortSignal.abort())
    expect(attempts, 'one listener for all').toBe(3)
  })

  test('closing wakes everybody and lets go of the connection', async () => {
    let isClosed = false
    const hints = journalHints((_, hearing) => {
      hearing.listening()
      return Promise.resolve({ close: async () => void (isClosed = true) })
    })
    await hints.wait([], FOREVER_MS, never)
    const waiting = hints.wait(['a'], FOREVER_MS, never)
    await hints.close()
    await waiting
    expect(isClosed).toBe(true)
  })

  test.runIf(inject('engine') === 'postgres')('a lost connection comes back by itself', async () => {
    const key = await opened()
    const hints = hintsOf()
    await hints.wait([key.streamId], FOREVER_MS, never)
    const back = hints.wait([key.streamId], FOREVER_MS, never)
    const killed = await db.asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%gatehouse_journal%'`)
    expect(killed).toHaveLength(1)
    await back
    const hinted = hints.wait([key.streamId], FOREVER_MS, never)
    await write(key, 1)
    await hinted
  })
})
