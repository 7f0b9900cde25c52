// Tasks outlive the processes that run them: the short form of `npm run proofs -- tasks`. What a line counts is judged
// here; its times are judged by the proofs alone.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { pgEngine } from '../../src/platform/db/engine/pg-engine.ts'
import { noBouncer, startBouncer, type Bouncer } from '../harness/task-bouncer.ts'
import { openFleet, type Fleet } from '../harness/task-fleet.ts'
import { openTestGround } from '../harness/task-test-ground.ts'
import { canceled } from './tasks-canceled.ts'
import { deaths } from './tasks-deaths.ts'
import { turns } from './tasks-turns.ts'
import { miscounted } from './tasks-thresholds.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

describe.runIf(inject('engine') === 'postgres')('tasks', () => {
  let fleet: Fleet
  let tenants: string[]
  beforeAll(async () => {
    const ground = await openTestGround()
    fleet = await openFleet(ground)
    tenants = [await ground.createTenant(), await ground.createTenant(), await ground.createTenant()]
  })
  afterAll(() => fleet.close())

  test.each([1, 2, 3])(
    'F21 F22 F25: killed, put to sleep or stopped at every place of a run, nothing is lost, done twice or told twice (seed %i)',
    async seed => {
      const lines = await deaths(fleet, tenants, { seed, isHastened: seed > 1 })
      expect(miscounted(...lines)).toEqual([])
    },
  )

  describe.runIf(noBouncer() === undefined)('behind PgBouncer', () => {
    let bouncer: Bouncer
    beforeAll(async () => {
      await fleet.clear()
      bouncer = await startBouncer(fleet.ground.env)
    })
    afterAll(async () => {
      await fleet.clear()
      await bouncer.close()
    })

    test('F23 F32: without any hint, two replicas that die in turn lose and repeat nothing, and a cancellation arrives', async () => {
      const env = bouncer.env('nothing')
      const words = { fault: 'in turn, no hints', seed: 1, replicas: 2, kills: 1, tasks: 20, env }
      expect(await hearsThrough(bouncer, fleet)).toEqual([])
      const cancel = { fault: 'cancel, no hints', seed: 1, env }
      expect(miscounted(await canceled(fleet, tenants[0] ?? '', cancel))).toEqual([])
      expect(miscounted(await turns(fleet, tenants, words))).toEqual([])
    })
  })
})

/** What is heard of a notification by whoever listens through it. */
async function hearsThrough(bouncer: Bouncer, { ground }: Fleet): Promise<string[]> {
  const url = bouncer.env('nothing')['DATABASE_DIRECT_URL'] ?? ''
  const words = { applicationName: 'test', onIdleError: () => undefined }
  const engine = pgEngine({ url, listenUrl: url, poolSize: 1, pooled: true, ...words })
  const heard: string[] = []
  const listening = Promise.withResolvers<void>()
  const listener = await engine.listen?.('gatehouse_journal', {
    heard: payload => void heard.push(payload),
    listening: listening.resolve,
  })
  await listening.promise
  await ground.asAdmin(`select pg_notify('gatehouse_journal', 'hello')`)
  await pause(500)
  await listener?.close()
  await engine.close()
  return heard
}
