import { describe, expect, test } from 'vitest'
import { breaker, type Breaker, type Outcome } from './breaker.ts'

const SETTINGS = { consecutive: 3, failureRate: 0.5, window: 6, openMs: 1_000 }

const breakerAt = (): { gate: Breaker; clock: { now: number } } => {
  const clock = { now: 0 }
  return { gate: breaker(SETTINGS, () => clock.now), clock }
}
const call = (gate: Breaker, outcome: Outcome): void => gate.admit()!(outcome)
const openedBreaker = () => {
  const at = breakerAt()
  for (let count = 0; count < 3; count++) call(at.gate, 'failed')
  return at
}

describe('closed', () => {
  test('opens after so many failures in a row', () => {
    const { gate } = breakerAt()
    call(gate, 'failed')
    call(gate, 'failed')
    expect(gate.state()).toBe('closed')
    call(gate, 'failed')
    expect(gate.state()).toBe('open')
  })
  test('opens when half of the last calls failed, though never three in a row', () => {
    const { gate } = breakerAt()
    for (const outcome of ['failed', 'answered', 'failed', 'answered', 'failed'] as const) call(gate, outcome)
    expect(gate.state()).toBe('closed')
    call(gate, 'answered')
    expect(gate.state()).toBe('open')
  })
  test('stays closed below that share, for ever', () => {
    const { gate } = breakerAt()
    for (let count = 0; count < 100; count++) {
      call(gate, 'failed')
      for (const outcome of ['answered', 'answered', 'none'] as const) call(gate, outcome)
    }
    expect(gate.state()).toBe('closed')
  })
  test('learns nothing from calls whose callers left', () => {
    const { gate } = breakerAt()
    for (let count = 0; count < 20; count++) call(gate, 'none')
    expect(gate.state()).toBe('closed')
  })
})

describe('open', () => {
  test('admits nothing until its time is over, and says how long that is', () => {
    const { gate, clock } = openedBreaker()
    expect(gate.admit()).toBeUndefined()
    clock.now = 400
    expect(gate.waitMs()).toBe(600)
    clock.now = 999
    expect(gate.admit()).toBeUndefined()
    clock.now = 1_000
    expect(gate.state()).toBe('half-open')
    expect(gate.waitMs()).toBe(0)
  })
  test('is not moved by the late ends of calls admitted before', () => {
    const { gate, clock } = breakerAt()
    const early = Array.from({ length: 6 }, () => gate.admit()!)
    for (const settle of early.slice(0, 3)) settle('failed')
    clock.now = 1_000
    early[3]!('answered')
    expect(gate.state()).toBe('half-open')
    call(gate, 'answered')
    early[4]!('failed')
    early[5]!('failed')
    call(gate, 'failed')
    expect(gate.state()).toBe('closed')
  })
})

describe('half-open', () => {
  test('admits exactly one of twenty, and the others at once not', () => {
    const { gate, clock } = openedBreaker()
    clock.now = 1_000
    const admitted = Array.from({ length: 20 }, () => gate.admit()).filter(settle => settle !== undefined)
    expect(admitted).toHaveLength(1)
    admitted[0]!('answered')
    expect(gate.state()).toBe('closed')
  })
  test('opens for as long again when the probe fails', () => {
    const { gate, clock } = openedBreaker()
    clock.now = 1_500
    call(gate, 'failed')
    expect(gate.state()).toBe('open')
    expect(gate.waitMs()).toBe(1_000)
  })
  test('goes on probing when the caller of the probe left: that is no answer', () => {
    const { gate, clock } = openedBreaker()
    clock.now = 1_000
    call(gate, 'none')
    expect(gate.state()).toBe('half-open')
    expect(gate.admit()).toBeDefined()
  })
  test('forgets the old failures once closed', () => {
    const { gate, clock } = openedBreaker()
    clock.now = 1_000
    call(gate, 'answered')
    call(gate, 'failed')
    call(gate, 'failed')
    expect(gate.state()).toBe('closed')
  })
})
