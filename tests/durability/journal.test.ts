// A run that dies anywhere is taken over: what it had recorded is not done again, and whatever it still tries to write
// afterwards, having been only slow, goes in nowhere.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { sql } from '../../src/platform/db/statements.ts'
import { tenantDoors } from '../../src/platform/db/tenant-doors.ts'
import { fault } from '../../src/platform/faults.ts'
import { append, openStream, readEvents, type StreamKey } from '../../src/platform/journal/journal.ts'
import { takeOver, type RunDoors } from '../../src/platform/journal/run.ts'
import { isSuperseded } from '../../src/platform/journal/superseded.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { refusalOf } from '../harness/refusal.ts'

let db: TestDatabase
let doors: RunDoors
let key: StreamKey
beforeAll(async () => {
  db = await openTestDatabase()
  const scope = { tenantId: await db.createTenant(), subject: 'x' }
  doors = tenantDoors(db.database, scope)
  key = { tenantId: scope.tenantId, streamId: '' }
})
afterAll(() => db.close())
beforeEach(async () => {
  key = { tenantId: key.tenantId, streamId: uuidv7() }
  await doors.write(tx => openStream(tx, key))
})

const kinds = async (): Promise<string[]> => {
  const cursors = [{ streamId: key.streamId, after: 0 }]
  const events = await doors.read(tx => readEvents(tx, key.tenantId, cursors, 1_000))
  return events.map(({ kind }) => kind)
}

describe('the fence', () => {
  test('each run has an epoch of its own, also when several take over at once', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => takeOver(doors, key)))
    expect(runs.map(({ epoch }) => epoch).toSorted((a, b) => a - b)).toStrictEqual(
      Array.from({ length: 10 }, (_, i) => i + 1),
    )
    const ends = await Promise.all(runs.map(run => refusalOf(run.append('of the last', run.epoch))))
    expect(ends.filter(end => !isSuperseded(end))).toStrictEqual([undefined])
    expect(await kinds()).toStrictEqual(['of the last'])
  })

  test('after a takeover the older run writes nothing, in whatever way it tries; the newer one does', async () => {
    const older = await takeOver(doors, key)
    await older.append('before', null)
    const newer = await takeOver(doors, key)
    let ran = 0
    const attempts = [
      () => older.append('late', null),
      () => older.write(tx => append(tx, key, 'late', null)),
      () => older.write(async () => void ran++),
      () => older.step('late', async () => void ran++),
      () => doors.write(tx => append(tx, older.key, 'late', null)),
    ]
    for (const attempt of attempts) {
      const refusal = await refusalOf(attempt())
      expect(refusal).toMatchObject({ code: 'conflict', reason: 'superseded' })
      expect(isSuperseded(refusal)).toBe(true)
    }
    expect(ran, 'its functions do not even begin').toBe(0)
    await newer.append('after', null)
    expect(await kinds()).toStrictEqual(['before', 'after'])
  })

  test('taken over while a step is being done: its output is not recorded', async () => {
    const older = await takeOver(doors, key)
    const late = older.step('one', async () => {
      await takeOver(doors, key)
      return 'of the older'
    })
    expect(isSuperseded(await refusalOf(late))).toBe(true)
    const newest = await takeOver(doors, key)
    expect(await newest.step('one', async () => 'of the newest')).toBe('of the newest')
  })

  test.runIf(inject('engine') === 'postgres')(
    'a takeover waits for the write that is under way, and comes after all of it',
    async () => {
      const older = await takeOver(doors, key)
      const order: string[] = []
      const inside = Promise.withResolvers<void>()
      const writing = older.write(async tx => {
        inside.resolve()
        await pause(100)
        await append(tx, older.key, 'whole', null)
        order.push('written')
      })
      await inside.promise
      const newer = await takeOver(doors, key)
      order.push('taken over')
      await writing
      await newer.append('next', null)
      expect(order).toStrictEqual(['written', 'taken over'])
      expect(await kinds()).toStrictEqual(['whole', 'next'])
    },
  )

  test.runIf(inject('engine') === 'postgres')(
    'a run that had to wait for the last step of the one before knows that it is done',
    async () => {
      const older = await takeOver(doors, key)
      const inside = Promise.withResolvers<void>()
      const writing = older.write(async tx => {
        await older.record(tx, 'one', 'of the older')
        inside.resolve()
        await pause(100)
      })
      await inside.promise
      const newer = await takeOver(doors, key)
      await writing
      expect(newer.mayBeDone('one')).toBe(true)
      expect(await newer.done('one')).toStrictEqual({ output: 'of the older' })
      expect(newer.mayBeDone('two')).toBe(false)
    },
  )

  test('what fails inside a write leaves nothing of it', async () => {
    const run = await takeOver(doors, key)
    const failed = run.write(async tx => {
      await append(tx, run.key, 'half', null)
      throw fault('unavailable')
    })
    expect(await refusalOf(failed)).toMatchObject({ code: 'unavailable' })
    expect(await kinds()).toStrictEqual([])
  })

  test('other faults are not a takeover', () => {
    for (const error of [
      fault('conflict'),
      fault('conflict', { reason: 'wrong_offset' }),
      new Error('superseded'),
      null,
    ])
      expect(isSuperseded(error)).toBe(false)
  })
})

describe('a step', () => {
  test('is done once, however many runs ask for it; each gets the same output', async () => {
    let done = 0
    const outputs: unknown[] = []
    for (let i = 0; i < 3; i++) {
      const run = await takeOver(doors, key)
      for (let again = 0; again < 2; again++)
        outputs.push(
          await run.step('one', async () => ({ done: ++done, list: [1, 'a\0b'], none: undefined })),
        )
    }
    expect(done).toBe(1)
    expect(outputs).toStrictEqual(Array.from({ length: 6 }, () => ({ done: 1, list: [1, 'ab'] })))
  })

  test('without output is remembered too, and names are kept apart', async () => {
    let done = 0
    const run = await takeOver(doors, key)
    for (let i = 0; i < 2; i++) {
      await run.step('one', async () => void done++)
      await run.step('two', async () => void done++)
    }
    expect(done).toBe(2)
  })

  test('asked for twice at the same time: both get what was recorded first', async () => {
    const run = await takeOver(doors, key)
    let n = 0
    const [a, b] = await Promise.all([run.step('one', async () => ++n), run.step('one', async () => ++n)])
    expect(a).toBe(b)
    expect(await run.step('one', async () => ++n)).toBe(a)
  })

  test('that fails is not recorded, and what it threw comes through', async () => {
    const run = await takeOver(doors, key)
    const failing = run.step('one', () => Promise.reject(fault('timeout')))
    expect(await refusalOf(failing)).toMatchObject({ code: 'timeout' })
    expect(await run.step('one', async () => 'well')).toBe('well')
  })

  test('whose output is no JSON is refused by its place, not changed in silence', async () => {
    const run = await takeOver(doors, key)
    const refusal = await refusalOf(run.step('one', async () => ({ total: 1n })))
    expect(refusal?.message).toContain('data.total is bigint')
  })

  test('runs outside of any transaction, and is refused inside one', async () => {
    const run = await takeOver(doors, key)
    const answer = await run.step('one', () =>
      doors.read(tx => tx.first(sql<{ one: number }>`select 1 as one`)),
    )
    expect(answer).toStrictEqual({ one: 1 })
    expect(await refusalOf(doors.write(() => run.step('two', async () => 1)))).toMatchObject({
      code: 'internal',
    })
  })
})

// A death is a door that no longer opens; or one whose answer never comes back, though the transaction was committed.
describe('killed in the middle of a run of three steps', () => {
  const STEPS = ['parse', 'chunk', 'publish']

  /** Does the whole run with doors that fail at their `dieAt`th use. */
  async function attempt(done: string[], dieAt: number, how: 'before' | 'after'): Promise<boolean> {
    let uses = 0
    const mortal =
      <Args extends unknown[], T>(door: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        const isLast = ++uses === dieAt
        if (isLast && how === 'before') throw fault('unavailable', { detail: 'killed' })
        const result = await door(...args)
        if (isLast) throw fault('unavailable', { detail: 'killed' })
        return result
      }
    const dying: RunDoors = {
      read: fn => mortal(() => doors.read(fn))(),
      write: fn => mortal(() => doors.write(fn))(),
    }
    try {
      const run = await takeOver(dying, key)
      for (const name of STEPS) await run.step(name, async () => done.push(name))
      return true
    } catch {
      return false
    }
  }

  // Take over, then for each step: look, record.
  const points = Array.from({ length: 7 }, (_, i) => i + 1)
  test.each(points.flatMap(at => [[at, 'before'] as const, [at, 'after'] as const]))(
    'at transaction %i, %s it is committed: the next run ends it, and does no recorded step again',
    async (dieAt, how) => {
      const done: string[] = []
      expect(await attempt(done, dieAt, how)).toBe(false)
      const recorded = await db.asAdmin('select name from app.journal_step where stream_id = $1', [
        key.streamId,
      ])
      expect(await attempt(done, Infinity, how)).toBe(true)
      expect([...new Set(done)], 'each is done, in order').toStrictEqual(STEPS)
      for (const { name } of recorded) expect(done.filter(one => one === name)).toHaveLength(1)
      expect(done.length, 'at most the one under way is done twice').toBeLessThanOrEqual(STEPS.length + 1)
    },
  )
})
