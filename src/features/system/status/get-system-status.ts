// get_system_status: how the deployment stands, looked at now, all at once and each look within its bound.
import { defineOperation } from '../../../gate/operation.ts'
import { z } from 'zod'
import type { SystemCall } from '../../../gate/call.ts'
import type { Reader } from '../../../platform/db/database.ts'
import type { Destination } from '../../../platform/outbound/destination.ts'
import { looked, type Look } from './looked.ts'
import { problemsOf } from './problems.ts'
import { keyFacts, type KeyRow, queueFacts, type QueueRow, serverFacts, servingModel } from './status-rows.ts'
import { type Dependency, type Status, statusShape } from './status-shape.ts'

type Provider = Pick<Destination, 'name' | 'state' | 'lastFailure'>

export interface SystemStatusDeps {
  readonly version: string
  readonly role: string
  readonly engine: 'pglite' | 'postgres'
  /** Undefined where none is set. */
  readonly redis: { readonly ping: () => Promise<void>; readonly processes: () => number } | undefined
  /** Servers of models that are set up. They are not called for a look, which may cost; their breakers are asked. */
  readonly embeddingServers: () => readonly Provider[]
  readonly languageServers: () => readonly Provider[]
}

export function getSystemStatus(deps: SystemStatusDeps) {
  const { version, role, engine, redis } = deps
  return defineOperation({
    name: 'get_system_status',
    title: 'Show the state of the deployment',
    description:
      'Version, role, dependencies with their state, queues and signing keys, looked at now within two seconds.',
    realm: 'deployment',
    access: 'read',
    tool: false,
    input: z.strictObject({}),
    output: statusShape,
    async run(_, call) {
      const read = <T>(fn: (tx: Reader) => Promise<T>) => looked(() => inSystem(call, fn))
      const [server, queues, keys, model, shared] = await Promise.all([
        read(serverFacts),
        read(queueFacts),
        read(keyFacts),
        read(servingModel),
        redis === undefined ? undefined : looked(redis.ping),
      ])
      const status = {
        version,
        role,
        started_at: new Date(Date.now() - process.uptime() * 1000).toISOString(),
        uptime_seconds: Math.floor(process.uptime()),
        engine: {
          kind: engine === 'pglite' ? ('embedded' as const) : ('postgresql' as const),
          version: server.value?.version ?? null,
          vector: server.value?.vector ?? null,
        },
        embedding_model: model.value ?? null,
        dependencies: [
          called('database', 'data', server),
          ...(shared === undefined ? [] : [called('redis', 'rates', shared)]),
          ...deps.embeddingServers().map(one => uncalled(one, 'embeddings')),
          ...deps.languageServers().map(one => uncalled(one, 'answers')),
        ],
        queues: queues.value?.queues.map(shownQueue) ?? null,
        worker_seen_seconds: rounded(queues.value?.workerSeconds ?? null),
        processes: shared?.problem === null ? (redis?.processes() ?? null) : null,
        signing_keys: keys.value?.map(shownKey) ?? null,
      }
      const problems = problemsOf(status)
      return { state: problems.length === 0 ? ('ok' as const) : ('degraded' as const), problems, ...status }
    },
  })
}

function inSystem<T>(call: SystemCall, fn: (tx: Reader) => Promise<T>): Promise<T> {
  return call.system('read_status', fn)
}

function called(name: string, purpose: Dependency['for'], { tookMs, problem }: Look<unknown>): Dependency {
  const state = problem === null ? 'ok' : 'away'
  return { name, for: purpose, state, took_ms: tookMs, problem, last_failure: null }
}

const STATES = { closed: 'ok', open: 'paused', 'half-open': 'trying' } as const

function uncalled({ name, state, lastFailure }: Provider, purpose: Dependency['for']): Dependency {
  const failure = lastFailure()
  return {
    name,
    for: purpose,
    state: STATES[state()],
    took_ms: null,
    problem: state() === 'closed' ? null : 'breaker_open',
    last_failure: failure === undefined ? null : { at: failure.at.toISOString(), reason: failure.reason },
  }
}

function shownQueue({ oldest_seconds: oldest, ...queue }: QueueRow): NonNullable<Status['queues']>[number] {
  return { ...queue, oldest_waiting_seconds: rounded(oldest) }
}

function shownKey({ id, status, created_at, accepted_until }: KeyRow) {
  return {
    id,
    status,
    created_at: created_at.toISOString(),
    age_days: Math.round((Date.now() - created_at.getTime()) / 8_640_000) / 10,
    accepted_until: accepted_until?.toISOString() ?? null,
  }
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.max(0, Math.round(seconds * 10) / 10)
}
