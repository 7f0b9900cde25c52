// The isolation check as operators start it: one at a time over all processes, on record as it goes, its tenants removed
// whoever goes away; and the runner that main builds, against a server that listens.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Attacker, AttackRun } from '../../src/features/system/isolation/attacker.ts'
import type { Report } from '../../src/features/system/isolation/check-shape.ts'
import { runChecks, type RunningChecks } from '../../src/features/system/isolation/run-checks.ts'
import { operations } from '../../src/features/system/operations.ts'
import { isolationAttacks } from '../../src/proofs/attack/isolation-attacks.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { formatSealKeys } from '../../src/platform/db/seal-keys.ts'
import { asFault, fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { ATTACK_GROUPS } from '../../src/proofs/attack/attacks.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { operatorOf } from '../harness/deployment-caller.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import type { Ask } from '../harness/tenant-caller.ts'

interface Followed {
  readonly state: string
  readonly stage: string
  readonly say: string | null
  readonly outcomes: readonly { readonly id: string; readonly outcome: string; readonly detail: string }[]
  readonly after: number
  readonly report: Report | null
}

interface Last {
  readonly running: { readonly check_id: string } | null
  readonly broken: { readonly check_id: string } | null
  readonly last: (Followed & { readonly check_id: string; readonly started_by: string }) | null
}

const PLANNED = [
  { id: 'AU01', title: 'one', group: 'credentials' },
  { id: 'RL01', title: 'two', group: 'database' },
]

/** An attacker of whom a test says when it does what. */
function puppet() {
  const calls: AttackRun[] = []
  const left = new Set<string>()
  let ends = Promise.withResolvers<{ url: string; requests: number }>()
  const attacker: Attacker = {
    planned: PLANNED,
    run(run) {
      calls.push(run)
      const own = Promise.withResolvers<{ url: string; requests: number }>()
      ends = own
      run.signal.addEventListener('abort', () => own.reject(fault('cancelled')))
      return own.promise
    },
    removeLeft: async slug => !left.delete(slug),
  }
  return {
    attacker,
    calls,
    left,
    end: () => ends.resolve({ url: 'http://here', requests: 3 }),
    fail: () => ends.reject(fault('unavailable', { say: 'Start a worker.' })),
  }
}

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

describe('a check', () => {
  const { attacker, calls, left, end, fail } = puppet()
  let checks: RunningChecks
  let ask: Ask
  beforeAll(() => {
    const status = {
      version: '1',
      role: 'all',
      engine: db.engine,
      redis: undefined,
      embeddingServers: () => [],
      languageServers: () => [],
    }
    const log = createLogger('silent')
    checks = runChecks({ database: db.database, attacker, version: '1', log })
    ask = operatorOf(db.database, operations({ status, attacker, checks }))
  })
  /** Resolves when the attacks have been begun too. */
  const start = async (): Promise<string> => {
    const before = calls.length
    const { check_id } = await ask<{ check_id: string }>('start_isolation_check', {})
    await vi.waitUntil(() => calls.length > before)
    return check_id
  }
  const follow = (check_id: string, more: object = {}) =>
    ask<Followed>('follow_isolation_check', { check_id, ...more })
  /** The next outcomes; a new stage comes before them. */
  const beyond = async (id: string, after: number): Promise<Followed> => {
    for (;;) {
      const check = await follow(id, { after, stage: 'attacking', wait_seconds: 5 })
      if (check.outcomes.length > 0) return check
    }
  }
  const ended = async (id: string): Promise<Followed> => {
    for (;;) {
      const check = await follow(id, { after: 2, stage: 'attacking', wait_seconds: 5 })
      if (check.state !== 'running') return check
    }
  }

  test('one runs at a time, is followed as it goes, and ends with its report', async () => {
    const id = await start()
    const second = await start().catch(asFault)
    expect(second).toMatchObject({ code: 'conflict', reason: 'already_running' })
    expect(await ask<Last>('get_last_isolation_check', {})).toMatchObject({
      running: { check_id: id },
      last: null,
    })
    const run = calls.at(-1)
    run?.onStage('attacking')
    run?.onOutcome({ ...PLANNED[0]!, outcome: 'held', detail: 'with \0 in it', tries: 4, ms: 1 })
    const first = await beyond(id, 0)
    expect(first.outcomes).toMatchObject([{ id: 'AU01', outcome: 'held', detail: 'with  in it' }])
    run?.onOutcome({ ...PLANNED[1]!, outcome: 'found', detail: 'a row', ms: 1 })
    const next = await beyond(id, first.after)
    expect(next.outcomes.map(({ id }) => id)).toStrictEqual(['RL01'])
    end()
    const check = await ended(id)
    expect(check).toMatchObject({
      state: 'done',
      report: { held: 1, found: 1, not_run: 0, broke: 0, requests: 3 },
    })
    const { last, running } = await ask<Last>('get_last_isolation_check', {})
    expect(running).toBeNull()
    expect(last).toMatchObject({ check_id: id, started_by: 'operator:root', report: check.report })
  })

  test('one that breaks says why, and the tenants that it left are removed by the next', async () => {
    const id = await start()
    left.add('attack-a-left')
    calls.at(-1)?.onTenant('attack-a-left')
    // The first try to remove it finds it there: it is erased behind.
    fail()
    expect(await ended(id)).toMatchObject({ state: 'broken', say: 'Start a worker.', report: null })
    await vi.waitUntil(() => left.size === 0)
    expect(await ask<Last>('get_last_isolation_check', {})).toMatchObject({
      broken: { check_id: id },
      last: { state: 'done' },
    })
    const kept = await db.asAdmin(`select left_tenants from app.isolation_check where id = '${id}'`)
    expect(kept).toStrictEqual([{ left_tenants: ['attack-a-left'] }])
    const next = await start()
    end()
    await ended(next)
    const after = await db.asAdmin(`select 1 from app.isolation_check where left_tenants <> '{}'`)
    expect(after).toStrictEqual([])
    expect((await ask<Last>('get_last_isolation_check', {})).broken).toBeNull()
  })

  test('one whose process is gone does not stand in the way', async () => {
    const id = await start()
    await db.asAdmin(`update app.isolation_check set seen_at = now() - interval '1 hour' where id = '${id}'`)
    // Also before anybody has taken its place.
    expect(await ask<Last>('get_last_isolation_check', {})).toMatchObject({
      running: null,
      broken: { check_id: id },
    })
    const next = await start()
    expect(await follow(id)).toMatchObject({
      state: 'broken',
      say: expect.stringContaining('process') as string,
    })
    // The silent one finds out with its next word that it is over.
    calls.at(-2)?.onOutcome({ ...PLANNED[0]!, outcome: 'held', detail: 'late', ms: 1 })
    await vi.waitUntil(() => calls.at(-2)?.signal.aborted)
    expect((await follow(id)).outcomes).toStrictEqual([])
    await checks.stop()
    expect(await follow(next)).toMatchObject({
      state: 'broken',
      say: expect.stringContaining('stopped') as string,
    })
  })
})

describe('against a server that listens', () => {
  let here: TestGatehouse
  beforeAll(async () => {
    here = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '100000', GATEHOUSE_RATE_BURST: '100000' })
  })
  afterAll(() => here.close())

  test('the attacks run as the operator who asked, and both tenants are gone afterwards', async () => {
    const { gatehouse, behind, url } = here
    const config = loadConfig({
      GATEHOUSE_PORT: new URL(url).port,
      GATEHOUSE_PUBLIC_URL: 'http://127.0.0.1:8080',
      GATEHOUSE_SEAL_KEYS: formatSealKeys(gatehouse.opened.seals.all()),
      ...(behind?.urls === undefined ? {} : { DATABASE_URL: behind.urls.app }),
    })
    const wanted = ['AU01', 'RL07']
    const attacker = isolationAttacks({
      config,
      servesTenants: true,
      groups: ATTACK_GROUPS.map(({ name, attacks }) => ({
        name,
        attacks: attacks.filter(({ id }) => wanted.includes(id)),
      })),
      operateAs: (principal, name, input) => {
        const operation = gatehouse.catalog.find(one => one.name === name)!
        return gatehouse.run(operation, input, principal, {
          requestId: 'test',
          signal: AbortSignal.timeout(60_000),
        })
      },
    })
    const outcomes: Record<string, string> = {}
    const told: string[] = []
    const run = {
      principal: { realm: 'deployment', subject: 'account:ada' } as const,
      signal: AbortSignal.timeout(60_000),
      onStage: (stage: string) => void told.push(stage),
      onTenant: (slug: string) => void told.push(slug),
      onOutcome: ({ id, outcome }: { id: string; outcome: string }) => void (outcomes[id] = outcome),
    }
    const { requests } = await attacker.run(run)
    expect(outcomes).toStrictEqual({ AU01: 'held', RL07: behind === undefined ? 'not_run' : 'held' })
    expect(requests).toBeGreaterThan(5)
    expect(told.map(word => word.replace(/-[0-9a-f]+$/, ''))).toStrictEqual([
      'attack-a',
      'attack-b',
      'attacking',
      'removing',
    ])
    expect(await gatehouse.operate('list_tenants', {})).toStrictEqual({ tenants: [] })
    const made = (await gatehouse.operate('list_deployment_audit', {})) as {
      rows: readonly { operation: string; subject: string }[]
    }
    expect(
      made.rows.filter(({ operation }) => operation === 'create_tenant').map(({ subject }) => subject),
    ).toStrictEqual(['account:ada', 'account:ada'])
  })

  test('get_system_status tells of the database, the queues and the keys, and of no address', async () => {
    const status = await here.gatehouse.operate('get_system_status', {})
    expect(status).toMatchObject({
      state: 'ok',
      engine: {
        kind: here.behind === undefined ? 'embedded' : 'postgresql',
        vector: expect.stringMatching(/^\d/) as string,
      },
      dependencies: [{ name: 'database', state: 'ok', problem: null }],
      signing_keys: [{ status: 'active' }],
    })
    const queues = status['queues'] as readonly { readonly name: string; readonly waiting: number }[]
    expect(queues.map(({ name }) => name)).toContain('provision_tenant')
    expect(queues.map(({ name }) => name)).not.toContain('dead_letter')
    expect(JSON.stringify(status)).not.toMatch(/:\/\/|password/)
  })
})
