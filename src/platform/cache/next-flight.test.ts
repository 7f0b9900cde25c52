import { expect, test } from 'vitest'
import { nextFlight } from './next-flight.ts'

test('equal work asked for at the same time is done once, other work by itself', async () => {
  const fly = nextFlight<string>()
  const done: string[] = []
  const work = (name: string) => async () => {
    done.push(name)
    return name
  }
  const answers = await Promise.all([fly('a', work('a')), fly('b', work('b')), fly('a', work('a again'))])
  expect(answers).toEqual(['a', 'b', 'a'])
  expect(done).toEqual(['a', 'b'])
})

test('whoever asks while it is under way gets work that began after he asked, and shares it', async () => {
  const fly = nextFlight<number>()
  let now = 0
  const first = Promise.withResolvers<void>()
  const began = Promise.withResolvers<void>()
  const early = fly('a', async () => {
    const seen = now
    began.resolve()
    await first.promise
    return seen
  })
  await began.promise
  now = 1
  let looks = 0
  const look = async (): Promise<number> => {
    looks++
    return now
  }
  const late = [fly('a', look), fly('a', look)]
  first.resolve()
  expect(await early).toBe(0)
  expect(await Promise.all(late)).toEqual([1, 1])
  expect(looks).toBe(1)
})

test('work that fails fails for those who share it, and is done anew for the next', async () => {
  const fly = nextFlight<number>()
  const failing = () => Promise.reject(new Error('away'))
  const both = await Promise.allSettled([fly('a', failing), fly('a', failing)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await fly('a', async () => 2)).toBe(2)
})
