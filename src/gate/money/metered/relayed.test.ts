import { expect, test } from 'vitest'
import { relayed } from './relayed.ts'

const never = new AbortController().signal
const all = async (stream: AsyncIterable<number>): Promise<number[]> => {
  const seen: number[] = []
  for await (const item of stream) seen.push(item)
  return seen
}
const left = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))

test('everything that is put arrives in order, however fast, and then the failure', async () => {
  const numbers = Array.from({ length: 1_000 }, (_, at) => at)
  const stream = relayed<number>(never, async (_, put) => {
    for (const number of numbers) {
      put(number)
      if (number % 7 === 0) await Promise.resolve()
    }
  })
  expect(await all(stream)).toEqual(numbers)
  const failing = relayed<number>(never, async (_, put) => {
    put(1)
    throw new Error('broke off')
  })
  const seen: number[] = []
  await expect(
    (async () => {
      for await (const item of failing) seen.push(item)
    })(),
  ).rejects.toThrow('broke off')
  expect(seen).toEqual([1])
})

test('a reader who stops ends the source, and is let go when it has ended', async () => {
  let hasEnded = false
  for await (const item of relayed<number>(never, async (signal, put) => {
    put(1)
    await left(signal)
    await new Promise(resolve => setImmediate(resolve))
    hasEnded = true
  })) {
    expect(item).toBe(1)
    break
  }
  expect(hasEnded).toBe(true)
})

test('the caller’s end is the source’s', async () => {
  const caller = new AbortController()
  const stream = all(relayed<number>(caller.signal, signal => left(signal)))
  caller.abort()
  expect(await stream).toEqual([])
})
