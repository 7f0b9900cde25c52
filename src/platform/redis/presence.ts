// Whether the store is there, found out by a beat: this process says that it is there and hears how many are. The one
// who finds it away says so; from then on only the beat asks, until it is answered.
import type { Redis } from 'ioredis'
import { siblingText } from '../sibling-file.ts'
import { redisScript, type RedisScript } from './redis-script.ts'

export interface Presence {
  isThere(): boolean
  /** Processes that were there at the last answer, this one included. */
  processes(): number
  /** Somebody has asked and was not answered. */
  away(reason: Error): void
  stop(): void
}

export interface PresenceOptions {
  readonly client: Redis
  /** Names this process. */
  readonly id: string
  /** Asks the store, within the deadline. */
  readonly ask: (
    script: RedisScript,
    keys: readonly string[],
    values: readonly (string | number)[],
  ) => Promise<unknown>
  readonly onAway: (reason: Error) => void
  readonly onBack: () => void
}

const BEAT_MS = 2_000
/** While the store is away. */
const RETRY_MS = 500
/** Four beats: a process that is gone counts for so long. */
const PRESENT_MS = 8_000
const START_MS = 1_000
const PROCESSES = 'gatehouse:processes'

const sayPresent = redisScript(siblingText(import.meta.url, './presence.lua'))

/** Resolves once the store has answered, or has not for a second: then it is away, and comes when it comes. */
export async function presence({ client, id, ask, onAway, onBack }: PresenceOptions): Promise<Presence> {
  let state: 'starting' | 'there' | 'away' | 'stopped' = 'starting'
  let processes = 1
  let timer: NodeJS.Timeout | undefined
  let lastError = new Error('there is no connection')
  const settled = Promise.withResolvers<void>()

  const next = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void beat(), ms).unref()
  }
  const away = (reason: Error): void => {
    if (state === 'away' || state === 'stopped') return
    state = 'away'
    settled.resolve()
    onAway(reason)
    next(RETRY_MS)
  }
  const there = (present: number): void => {
    if (state === 'stopped') return
    processes = Math.max(1, present)
    if (state === 'away') onBack()
    state = 'there'
    settled.resolve()
    next(BEAT_MS)
  }
  const beat = async (): Promise<void> => {
    try {
      there(Number(await ask(sayPresent, [PROCESSES], [id, PRESENT_MS])))
    } catch (error) {
      // At the start the connection has its second.
      if (state === 'starting' || state === 'stopped') return
      away(error as Error)
      // A connection may be dead without anybody having said so, or lead to a server that has since become a replica.
      if (client.status === 'ready' || client.status === 'connect') client.disconnect(true)
      next(RETRY_MS)
    }
  }

  client.on('error', (error: Error) => void (lastError = error))
  client.on('ready', () => void beat())
  client.on('close', () => void (state === 'there' && away(lastError)))
  const start = setTimeout(() => away(lastError), START_MS)
  await settled.promise
  clearTimeout(start)
  return {
    isThere: () => state === 'there',
    processes: () => processes,
    away,
    stop() {
      state = 'stopped'
      clearTimeout(timer)
    },
  }
}
