import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fairTurns } from './fair-turns.ts'

const settle = () => new Promise(resolve => void setImmediate(resolve))

/** Asks for turns and notes who got one, in order. */
function pool(options: { places: number; mostOfOne: number; patienceMs?: number }) {
  const turns = fairTurns({ patienceMs: 60_000, ...options })
  const got: string[] = []
  const ends: (() => void)[] = []
  const ask = (owner: string, signal?: AbortSignal) =>
    turns.enter(owner, signal).then(end => {
      got.push(owner)
      ends.push(end)
    })
  return { ask, got, ends }
}

test('one tenant holds its share and no more, and a second one is served at once beside it', async () => {
  const { ask, got } = pool({ places: 4, mostOfOne: 2 })
  for (let at = 0; at < 50; at++) void ask('a')
  await settle()
  expect(got).toEqual(['a', 'a'])
  void ask('b')
  void ask('c')
  await settle()
  expect(got).toEqual(['a', 'a', 'b', 'c'])
})

test('who comes after a thousand calls of another waits for one turn, not for a thousand', async () => {
  const { ask, got, ends } = pool({ places: 2, mostOfOne: 2 })
  for (let at = 0; at < 1_000; at++) void ask('a')
  await settle()
  void ask('b')
  ends[0]?.()
  await settle()
  expect(got).toEqual(['a', 'a', 'b'])
})

test('tenants that wait take turns', async () => {
  const { ask, got, ends } = pool({ places: 1, mostOfOne: 1 })
  for (const owner of ['a', 'a', 'a', 'b', 'b', 'c']) void ask(owner)
  for (let at = 0; at < 6; at++) {
    await settle()
    ends[at]?.()
  }
  expect(got).toEqual(['a', 'a', 'b', 'c', 'a', 'b'])
})

test('a turn ends once, and who leaves the queue takes no turn with it', async () => {
  const { ask, got, ends } = pool({ places: 1, mostOfOne: 1 })
  await ask('a')
  const gone = new AbortController()
  const left = ask('b', gone.signal)
  void ask('c')
  gone.abort()
  await expect(left).rejects.toMatchObject({ code: 'cancelled' })
  ends[0]?.()
  ends[0]?.()
  await settle()
  expect(got).toEqual(['a', 'c'])
  void ask('d')
  await settle()
  expect(got).toEqual(['a', 'c'])
})

test('who has waited for too long is told that the service is not available', async () => {
  const { ask } = pool({ places: 1, mostOfOne: 1, patienceMs: 1 })
  await ask('a')
  await expect(ask('a')).rejects.toMatchObject({ code: 'unavailable' })
})

test('whatever comes and goes, no more turns than places, no more of one than its share, and nobody waits who could go', async () => {
  const step = fc.oneof(fc.constantFrom('a', 'b', 'c', ''), fc.nat(20))
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
      const turns = fairTurns({ places: 4, mostOfOne: 2, patienceMs: 60_000 })
      const held: { owner: string; end: () => void }[] = []
      const asked = new Map<string, number>()
      const holds = (owner: string) => held.filter(turn => turn.owner === owner).length
      for (const one of steps) {
        if (typeof one === 'number') held.splice(one % Math.max(1, held.length), 1)[0]?.end()
        else {
          asked.set(one, (asked.get(one) ?? 0) + 1)
          void turns.enter(one).then(end => {
            asked.set(one, (asked.get(one) ?? 0) - 1)
            held.push({ owner: one, end })
          })
        }
        await settle()
        expect(held.length).toBeLessThanOrEqual(4)
        for (const owner of ['a', 'b', 'c']) expect(holds(owner)).toBeLessThanOrEqual(2)
        const stuck = [...asked].some(
          ([owner, count]) => count > 0 && held.length < 4 && (owner === '' || holds(owner) < 2),
        )
        expect(stuck).toBe(false)
      }
    }),
    { numRuns: 200 },
  )
})
