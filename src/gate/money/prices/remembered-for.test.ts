import { expect, test } from 'vitest'
import { rememberedFor } from './remembered-for.ts'

function counting() {
  let now = 0
  let asked = 0
  const remembered = rememberedFor<number>(1_000, () => now)
  return {
    remembered,
    get: (key = 'a') => remembered.get(key, async () => ++asked),
    pass: (ms: number) => void (now += ms),
  }
}

test('many who ask at once ask one question, and whoever asks a second later asks again', async () => {
  const { get, pass } = counting()
  expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1])
  pass(999)
  expect(await get()).toBe(1)
  pass(1)
  expect(await get()).toBe(2)
  expect(await get('b')).toBe(3)
})

test('BU11 an answer to what was asked before a change is for nobody who asks after it', async () => {
  const { remembered, get } = counting()
  const before = Promise.withResolvers<number>()
  const waiting = remembered.get('a', () => before.promise)
  remembered.forget()
  expect(await get()).toBe(1)
  before.resolve(99)
  expect(await waiting).toBe(99)
  expect(await get()).toBe(1)
})

test('a failure is not remembered', async () => {
  const { remembered, get } = counting()
  await expect(remembered.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await get()).toBe(1)
})
