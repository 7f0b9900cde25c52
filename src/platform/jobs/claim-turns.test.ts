import { expect, test } from 'vitest'
import { claimTurns, type ClaimLoop } from './claim-turns.ts'

function loopsOf(count: number) {
  const turns = claimTurns()
  const woken: number[] = []
  const loops = Array.from({ length: count }, (_, at): ClaimLoop => {
    const loop = { wake: () => void woken.push(at), isBusy: false }
    turns.add(loop)
    return loop
  })
  return { turns, loops, woken }
}

test('a hint wakes one loop, not all', () => {
  const { turns, woken } = loopsOf(16)
  turns.look()
  expect(woken).toHaveLength(1)
})

test('one loop after the other looks: one that hangs holds up nobody', () => {
  const { turns, woken } = loopsOf(3)
  for (let i = 0; i < 6; i++) turns.look()
  expect(woken.filter(at => at === 0)).toHaveLength(2)
  expect(new Set(woken).size).toBe(3)
})

test('a loop that works is passed over, and with none idle nobody is woken', () => {
  const { turns, loops, woken } = loopsOf(2)
  const [first, second] = loops
  if (first === undefined || second === undefined) throw new Error('there are two')
  first.isBusy = true
  turns.look()
  turns.look()
  expect(woken).toEqual([1, 1])
  second.isBusy = true
  turns.look()
  expect(woken).toEqual([1, 1])
})

test('without a loop there is nobody to wake', () => {
  expect(() => claimTurns().look()).not.toThrow()
})
