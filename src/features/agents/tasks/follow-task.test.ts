import { expect, test } from 'vitest'
import type { ReadCall } from '../../../gate/call.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { fault } from '../../../platform/faults.ts'
import type { JournalHints } from '../../../platform/journal/hints.ts'
import { followTask } from './follow-task.ts'

const TASK = '0192e4a0-0000-7000-8000-000000000001'
const TENANT = '0192e4a0-0000-7000-8000-00000000000a'

/** A task that works, whose log has `written` events, and who looked. */
function oneTask() {
  const waiting = new Set<() => void>()
  const hints: JournalHints = {
    restMs: () => 600_000,
    async wait(_streams, ms, signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      const timer = setTimeout(resolve, ms)
      signal.addEventListener('abort', () => resolve(), { once: true })
      await promise
      clearTimeout(timer)
      waiting.delete(resolve)
    },
    close: async () => undefined,
  }
  const log = { written: 0, looks: 0 }
  const operation = followTask({ hints })
  const event = (sequence: number) => ({
    stream_id: TASK,
    sequence: BigInt(sequence),
    at: new Date(0),
    kind: 'step',
    data: { step: 's', attempt: 1 },
  })
  const callOf = (subject: string, signal: AbortSignal) => ({
    principal: { tenantId: TENANT, subject },
    signal,
    about: () => undefined,
    async read<T>(fn: (tx: Reader) => Promise<T>): Promise<T> {
      log.looks++
      const upTo = log.written
      await new Promise(resolve => setTimeout(resolve, 5))
      if (signal.aborted) throw fault('cancelled')
      return fn({
        all: async () => Array.from({ length: upTo }, (_, at) => event(at + 1)) as never,
        first: async () => ({ state: 'working', last: BigInt(upTo) }) as never,
      })
    },
  })
  return {
    log,
    write() {
      log.written++
      for (const wake of waiting) wake()
    },
    follow: (subject = 'ada', signal = new AbortController().signal) =>
      operation.run(
        { task_id: TASK, after: 0, artifacts: true, wait_seconds: 600 },
        callOf(subject, signal) as unknown as ReadCall,
      ),
    /** All who follow have looked, and wait. */
    async settled(count: number) {
      while (waiting.size < count) await new Promise(resolve => setTimeout(resolve, 5))
      await new Promise(resolve => setTimeout(resolve, 20))
    },
  }
}

test('a thousand who follow the same look together, and each has the event', async () => {
  const { log, write, follow, settled } = oneTask()
  const followers = Array.from({ length: 1_000 }, () => follow())
  await settled(1_000)
  expect(log.looks).toBeLessThan(5)
  write()
  const answers = await Promise.all(followers)
  expect(answers.every(({ events, last_sequence }) => events.length === 1 && last_sequence === 1)).toBe(true)
  expect(log.looks).toBeLessThan(10)
})

test('another user looks for himself', async () => {
  const { log, write, follow, settled } = oneTask()
  const followers = ['ada', 'bob', 'eve'].map(subject => follow(subject))
  await settled(3)
  expect(log.looks).toBe(3)
  write()
  await Promise.all(followers)
  expect(log.looks).toBe(6)
})

test('when the one who began the look goes away, the others have their events all the same', async () => {
  const { write, follow } = oneTask()
  const leaving = new AbortController()
  const first = follow('ada', leaving.signal)
  const others = Array.from({ length: 10 }, () => follow())
  write()
  await new Promise(resolve => setImmediate(resolve))
  leaving.abort()
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  for (const { events } of await Promise.all(others)) expect(events).toHaveLength(1)
})

test('an event that is written while others look is not missed by who asks after it', async () => {
  const { write, follow } = oneTask()
  const early = follow()
  await new Promise(resolve => setImmediate(resolve))
  await new Promise(resolve => setImmediate(resolve))
  write()
  expect((await follow()).events).toHaveLength(1)
  expect((await early).events).toHaveLength(1)
})
