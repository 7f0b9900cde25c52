import { expect, test } from 'vitest'
import { bulkhead, type Bulkhead } from './bulkhead.ts'

const staying = new AbortController().signal
const roomFor = (concurrency: number, queue: number): Bulkhead =>
  bulkhead({ concurrency, queue, full: () => new Error('full') })
const admitted = <T>(room: Bulkhead, fn: () => Promise<T>): Promise<T> => room.run(fn, staying)

test('no more run at once than there is room for, in the order in which they came', async () => {
  const room = roomFor(3, 100)
  const order: number[] = []
  let running = 0
  let most = 0
  const work = (at: number) => async (): Promise<number> => {
    order.push(at)
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    if (at % 5 === 0) throw new Error('failed')
    return at
  }
  const ends = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => admitted(room, work(at))))
  expect(most).toBe(3)
  expect(order).toEqual(Array.from({ length: 40 }, (_, at) => at))
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(8)
})

test('one more than the queue holds is refused at once', async () => {
  const room = roomFor(1, 2)
  const { promise, resolve } = Promise.withResolvers<string>()
  const inside = Array.from({ length: 3 }, () => admitted(room, () => promise))
  await expect(room.run(() => promise, staying)).rejects.toThrow('full')
  resolve('done')
  expect(await Promise.all(inside)).toEqual(['done', 'done', 'done'])
  expect(await room.run(() => promise, staying)).toBe('done')
})

test('who leaves the queue is not run, and makes room for another', async () => {
  const room = roomFor(1, 1)
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = room.run(() => promise, staying)
  const caller = new AbortController()
  let wasRun = false
  const leaver = room.run(() => Promise.resolve((wasRun = true)), caller.signal)
  caller.abort(new Error('left'))
  await expect(leaver).rejects.toThrow('left')
  const next = room.run(() => Promise.resolve('next'), staying)
  resolve()
  await first
  expect(await next).toBe('next')
  expect(wasRun).toBe(false)
})

test('of two owners the one with fewer calls under way is next, however many the other has waiting', async () => {
  const room = roomFor(1, 100)
  const { promise, resolve } = Promise.withResolvers<void>()
  const order: string[] = []
  const calls = ['flood', 'flood', 'flood', 'flood', 'quiet', 'quiet'].map((owner, at) =>
    room.run(
      async () => {
        if (at === 0) await promise
        order.push(owner)
      },
      staying,
      owner,
    ),
  )
  resolve()
  await Promise.all(calls)
  expect(order).toEqual(['flood', 'flood', 'quiet', 'flood', 'quiet', 'flood'])
})

test('a full queue of one owner makes room for another, and not for more of the same', async () => {
  const room = roomFor(1, 4)
  const { promise, resolve } = Promise.withResolvers<void>()
  const floods = Array.from({ length: 5 }, () => room.run(() => promise, staying, 'flood'))
  const ends = Promise.allSettled(floods)
  await expect(room.run(() => promise, staying, 'flood')).rejects.toThrow('full')
  const quiet = room.run(() => Promise.resolve('quiet'), staying, 'quiet')
  resolve()
  expect(await quiet).toBe('quiet')
  expect((await ends).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
  ])
})
