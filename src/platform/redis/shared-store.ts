// Redis or Valkey, for what several processes count together and can do without: scripts with a deadline. Nothing that
// must last is kept there. A call never waits for a connection: while there is none it fails at once, and the caller
// goes on by itself.
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { fault } from '../faults.ts'
import { presence } from './presence.ts'
import { runScript, type RedisScript } from './redis-script.ts'
import { within } from './within.ts'

export interface SharedStore {
  /** Rejects with `unavailable` when there is no answer within the deadline, and at once while the store is away. */
  run(script: RedisScript, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>
  /** Asks for nothing but an answer. Rejects when there is none within a second. */
  ping(): Promise<void>
  /** Processes that were there when the store last answered, this one included. */
  processes(): number
  close(): void
}

export interface SharedStoreOptions {
  /** redis://[user:password@]host[:port][/database], or rediss:// for TLS. */
  readonly url: string
  /** How long an answer may take, in milliseconds; 50 by default. */
  readonly deadlineMs?: number
  /** Told once each time the store goes away, with the reason, and once each time it is back. */
  readonly onAway: (reason: Error) => void
  readonly onBack: () => void
}

const DEADLINE_MS = 50
/** Somebody looks: a store that is only slow is there. */
const PING_MS = 1_000

/** Resolves once the store has answered, or has not for a second. */
export async function openSharedStore(options: SharedStoreOptions): Promise<SharedStore> {
  const { url, deadlineMs = DEADLINE_MS, onAway, onBack } = options
  const client = connect(url)
  const ask: SharedStore['run'] = (script, keys, values) =>
    within(
      deadlineMs,
      runScript(client, script, keys, values),
      () => new Error(`no answer in ${deadlineMs} ms`),
    )
  const { isThere, processes, away, stop } = await presence({ client, id: randomUUID(), ask, onAway, onBack })
  return {
    processes,
    async ping() {
      const late = () => new Error(`no answer in ${PING_MS} ms`)
      await within(PING_MS, client.ping(), late).catch((error: unknown) => {
        throw fault('unavailable', { detail: 'the shared store does not answer', because: error })
      })
    },
    async run(script, keys, values) {
      if (!isThere()) throw fault('unavailable', { detail: 'the shared store is away' })
      try {
        return await ask(script, keys, values)
      } catch (error) {
        away(error as Error)
        throw fault('unavailable', { detail: 'the shared store does not answer', because: error })
      }
    },
    close() {
      stop()
      client.disconnect()
    },
  }
}

function connect(url: string): Redis {
  return new Redis(url, {
    protocol: 2,
    connectionName: 'gatehouse',
    disableClientInfo: true,
    // A command goes out now or not at all: the caller has a deadline, and somebody else to ask.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    disconnectTimeout: 200,
    retryStrategy: times => Math.min(50 * times, 500),
  })
}
