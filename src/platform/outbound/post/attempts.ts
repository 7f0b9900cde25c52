// The attempts of one call to an operator's server: each asks the breaker first and tells it afterwards, and none is made
// again that could do harm twice. Whoever pays hears before each, and when nothing was done.
import type { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { fault, Fault } from '../../faults.ts'
import type { Breaker } from '../breaker.ts'
import type { Deadline } from '../deadline.ts'
import { pauseAfter, type RetrySettings } from '../retry.ts'
import type { Attempt, Way } from './post-once.ts'

/** Whoever pays for a call hears of it. */
export interface CallEar {
  /** Whose call it is: calls of others do not wait behind all of this one's. */
  readonly owner?: string | undefined
  /** Awaited right before a request leaves, when the call has its place. */
  leaving(): Promise<void>
  /** The call has failed, and nothing was done for it. */
  undone(): void
}

export interface Call {
  readonly path: string
  /** Whether doing it twice is as good as once. */
  readonly isSafeToRetry: boolean
  /** An attempt that takes longer counts as failed; the breaker's own measure by default. */
  readonly slowMs?: number
  readonly ear?: CallEar | undefined
}

interface Server {
  readonly name: string
  readonly origin: URL
  readonly agent: Agent
  readonly gate: Breaker
  readonly settings: { readonly breaker: { readonly slowMs: number }; readonly retry: RetrySettings }
}

interface Trying<T> {
  readonly once: (way: Way) => Promise<Attempt<T>>
  readonly signal: AbortSignal
  /** Whether the server has certainly done nothing so far. */
  readonly fate: { isUndone: boolean }
}

export function attemptsAt(server: Server) {
  const { settings, gate } = server
  return async function attempts<T>(call: Call, once: Trying<T>['once'], deadline: Deadline): Promise<T> {
    const { ear, isSafeToRetry } = call
    const trying = { once, signal: deadline.signal, fate: { isUndone: true } }
    try {
      for (let count = 1; ; count++) {
        const made = await attempt(server, call, trying)
        if ('value' in made) return made.value
        const ms = pauseAfter(made.failure, count, { settings: settings.retry, isSafeToRetry })
        if (ms === undefined || ms >= deadline.leftMs() || gate.state() === 'open') throw made.fault
        await rest(ms, deadline.signal)
      }
    } catch (error) {
      if (trying.fate.isUndone) ear?.undone()
      throw error
    }
  }
}

async function attempt<T>(
  { name, origin, agent, gate, settings }: Server,
  { path, slowMs = settings.breaker.slowMs, ear }: Call,
  { once, signal, fate }: Trying<T>,
): Promise<Attempt<T>> {
  const settle = gate.admit()
  if (settle === undefined) throw open(name, gate.waitMs())
  await leave(ear, signal, settle)
  const started = performance.now()
  const isSlow = (): boolean => performance.now() - started > slowMs
  try {
    const wasUndone = fate.isUndone
    fate.isUndone = false
    const made = await once({ name, url: urlOf(path, origin), agent, signal })
    fate.isUndone = wasUndone && 'failure' in made && made.isUndone
    settle(made.isAlive && !isSlow() ? 'answered' : 'failed')
    return made
  } catch (error) {
    // A caller who gives up on a slow server is a sign too; one who leaves early is not.
    const hasLeft = error instanceof Fault && error.code === 'cancelled'
    settle(hasLeft && !isSlow() ? 'none' : 'failed')
    throw error
  }
}

/** A caller who has left meanwhile has nothing sent any more; what fails here says nothing of the server. */
async function leave(
  ear: CallEar | undefined,
  signal: AbortSignal,
  settle: (outcome: 'none') => void,
): Promise<void> {
  try {
    signal.throwIfAborted()
    await ear?.leaving()
  } catch (error) {
    settle('none')
    throw error
  }
}

/** The path is ours, but part of it may be a model's name: it must not lead to another host. */
function urlOf(path: string, origin: URL): URL {
  const url = new URL(path, origin)
  if (url.origin !== origin.origin) throw fault('internal', { detail: 'a path leads away from its origin' })
  return url
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal })
  } catch (error) {
    throw signal.reason instanceof Fault ? signal.reason : error
  }
}

export function open(name: string, waitMs: number): Fault {
  return fault('unavailable', {
    reason: 'breaker_open',
    say: `${name} has failed repeatedly and is not called for now; try again shortly.`,
    retryAfterMs: Math.ceil(waitMs),
  })
}
