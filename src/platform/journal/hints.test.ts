import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Hearing } from '../db/engine/engine.ts'
import { journalHints } from './hints.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new AbortController().signal

/** Hints over a channel that delivers, or does not. */
function over(isDelivering: () => boolean) {
  let hearing: Hearing | undefined
  return journalHints(
    async (_channel, given) => {
      hearing = given
      return { close: async () => undefined }
    },
    async streamId => {
      if (isDelivering()) hearing?.heard(streamId)
    },
  )
}

test('who waits looks every second until hints are known to arrive, then seldom, and again when they stop', async () => {
  let isDelivering = true
  const hints = over(() => isDelivering)
  const seldom = (): boolean => hints.restMs() > 1_000
  expect(seldom()).toBe(false)
  void hints.wait(['a'], 600_000, never)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(seldom()).toBe(true)
  isDelivering = false
  await vi.advanceTimersByTimeAsync(13_000)
  expect(seldom()).toBe(false)
  await hints.close()
})

test('who rests long because hints arrive is woken when they cease to, and not before', async () => {
  let isDelivering = true
  const hints = over(() => isDelivering)
  void hints.wait(['b'], 600_000, never)
  await vi.advanceTimersByTimeAsync(5_000)
  let isAwake = false
  void hints.wait(['a'], 600_000, never).then(() => (isAwake = true))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(isAwake).toBe(false)
  isDelivering = false
  await vi.advanceTimersByTimeAsync(8_000)
  expect(isAwake).toBe(true)
  expect(hints.restMs()).toBeLessThan(1_000)
  await hints.close()
})

test('nobody is asked while nobody waits', async () => {
  let sent = 0
  const hints = journalHints(undefined, async () => void (sent += 1))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toBe(0)
  await hints.close()
})
