// What else can happen to a task while it runs: the short form of `npm run proofs -- tasks`, as in tasks-killed.test.ts.
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { openFleet, type Fleet } from '../harness/task-fleet.ts'
import { openTestGround } from '../harness/task-test-ground.ts'
import { canceled } from './tasks-canceled.ts'
import { followed } from './tasks-followed.ts'
import { grantsTaken } from './tasks-grants.ts'
import { askedBeforeRepeating } from './tasks-once.ts'
import { poisoned } from './tasks-poison.ts'
import { sentAtOnce } from './tasks-replicas.ts'
import { miscounted } from './tasks-thresholds.ts'
import { outOfMoney, providerAway } from './tasks-waits.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

describe.runIf(inject('engine') === 'postgres')('tasks', () => {
  let fleet: Fleet
  let tenants: [string, string]
  beforeAll(async () => {
    const ground = await openTestGround()
    fleet = await openFleet(ground)
    tenants = [await ground.createTenant(), await ground.createTenant()]
  })
  afterAll(() => fleet.close())

  test('F47 D12: cancelled at every place of its run a task stops, ends once, and stays so', async () => {
    const line = await canceled(fleet, tenants[0], { fault: 'cancel', seed: 1 })
    expect(miscounted(line)).toEqual([])
    expect(line['absorbed']).toBe(line.tasks)
  })

  test('a provider that is away puts tasks off, an empty budget lets them wait; they hold nothing, and go on by themselves', async () => {
    expect(miscounted(await providerAway(fleet, tenants[0], 1))).toEqual([])
    expect(miscounted(await outOfMoney(fleet, tenants[1], 1))).toEqual([])
  })

  test('a revoked token, a disabled or removed user and a suspended tenant end what runs for them', async () => {
    const own = [await fleet.ground.createTenant(), await fleet.ground.createTenant()] as const
    expect(miscounted(await grantsTaken(fleet, own, 1))).toEqual([])
  })

  test('a step that must not be repeated unasked is repeated when the user says yes, and only then', async () => {
    expect(miscounted(await askedBeforeRepeating(fleet, tenants[0], 1))).toEqual([])
  })

  test('F34 D13: a task that kills its process each time is given up, and the others flow', async () => {
    expect(miscounted(await poisoned(fleet, tenants, { seed: 1, isHastened: true }))).toEqual([])
  })

  test('F33: fifty equal messages at two replicas are one task, which outlives its token', async () => {
    expect(miscounted(await sentAtOnce(fleet, tenants[0], 1))).toEqual([])
  })

  test('F27 F28 F29: cut off at any byte and resumed at another replica, a follower misses nothing and hears nothing twice', async () => {
    const line = await followed(fleet, tenants[1], { seed: 1, tasks: 3, pieces: 12 })
    expect(miscounted(line)).toEqual([])
    expect(line['disconnects']).toBeGreaterThan(30)
  })
})
