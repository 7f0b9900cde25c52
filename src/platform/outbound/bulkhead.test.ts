import { expect, test } from 'vitest'
import { bulkhead, type Bulkhead } from './bulkhead.ts'

const staying = new AbortController().signal
const admitted = <T>(room: Bulkhead, fn: () => Promise<T>): Promise<T> =>
  room.run(fn, staying) ?? Promise.reject(new Error('refused'))

test('no more run at once than there is room for, in the order in which they came', async () => {
  const room = bulkhead(3, 100)
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
  const room = bulkhead(1, 2)
  const { promise, resolve } = Promise.withResolvers<string>()
  const inside = Array.from({ length: 3 }, () => admitted(room, () => promise))
  expect(room.run(() => promise, staying)).toBeUndefined()
  resolve('done')
  expect(await Promise.all(inside)).toEqual(['done', 'done', 'done'])
  expect(await room.run(() => promise, staying)).toBe('done')
})

test('who leaves the queue is not run, and makes room for another', async () => {
  const room = bulkhead(1, 1)
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = room.run(() => promise, staying)
  const caller = new AbortController()
  let wasRun = false
  const leaver = room.run(() => Promise.resolve((wasRun = true)), caller.signal)
  caller.abort(new Error('left'))
  await expect(leaver).rejects.toThrow('left')
  const next = room.run(() => Promise.resolve('next'), staying)
  expect(next).toBeDefined()
  resolve()
  await first
  expect(await next).toBe('next')
  expect(wasRun).toBe(false)
})
