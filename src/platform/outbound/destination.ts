// A server the operator named (Ollama, TEI, an OpenAI-compatible one): may be on loopback, is called at that origin
// only. Every call has a deadline, a place in a bounded queue, a breaker, and retries where they do no harm.
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { fault, Fault } from '../faults.ts'
import { breaker, type BreakerSettings, type BreakerState } from './breaker.ts'
import { bulkhead } from './bulkhead.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { postOnce, type Attempt } from './post-once.ts'
import { pauseAfter, type RetrySettings } from './retry.ts'

export interface DestinationSettings {
  /** For logs, health and what a caller reads: "ollama". */
  readonly name: string
  /** Scheme, host, port, and nothing else. */
  readonly origin: string
  /** For a call with its waiting and all its attempts. */
  readonly deadlineMs: number
  /** Calls at once, and how many may wait for their turn. */
  readonly concurrency: number
  readonly queue: number
  /** An attempt longer than `slowMs` counts as failed, though its answer is used. */
  readonly breaker: BreakerSettings & { readonly slowMs: number }
  readonly retry: RetrySettings
  /** For tests: the breaker's clock, in milliseconds. */
  readonly now?: () => number
}

export interface Post {
  /** From the root: "/api/embed". */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json: unknown
  readonly signal?: AbortSignal
  /** Whether doing it twice is as good as once. When not, only calls that did not reach the server are repeated. */
  readonly isSafeToRetry: boolean
  readonly maxBytes: number
  /** Instead of the breaker's, for a call that is larger or smaller than most. */
  readonly slowMs?: number
}

export interface Destination {
  readonly name: string
  readonly state: () => BreakerState
  /**
   * The parsed JSON of a 2xx answer: untrusted. Faults: `unavailable` with the reason `breaker_open`,
   * `provider_busy`, `provider_failed` or `provider_timeout`; `cancelled` when the caller left.
   */
  readonly post: (post: Post) => Promise<unknown>
}

export function destination(settings: DestinationSettings): Destination {
  const { name } = settings
  const origin = new URL(settings.origin)
  const agent =
    origin.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const gate = breaker(settings.breaker, settings.now)
  const room = bulkhead(settings.concurrency, settings.queue)

  const attempt = async (post: Post, deadline: Deadline): Promise<Attempt> => {
    const settle = gate.admit()
    if (settle === undefined) throw open(name, gate.waitMs())
    const started = performance.now()
    const isSlow = (): boolean => performance.now() - started > (post.slowMs ?? settings.breaker.slowMs)
    try {
      const made = await postOnce(post, {
        name,
        url: urlOf(post.path, origin),
        agent,
        signal: deadline.signal,
      })
      settle(made.isAlive && !isSlow() ? 'answered' : 'failed')
      return made
    } catch (error) {
      // A caller who gives up on a slow server is a sign too; one who leaves early is not.
      const hasLeft = error instanceof Fault && error.code === 'cancelled'
      settle(hasLeft && !isSlow() ? 'none' : 'failed')
      throw error
    }
  }
  const attempts = async (post: Post, deadline: Deadline): Promise<unknown> => {
    for (let count = 1; ; count++) {
      const made = await attempt(post, deadline)
      if ('json' in made) return made.json
      const ms = pauseAfter(made.failure, count, {
        settings: settings.retry,
        isSafeToRetry: post.isSafeToRetry,
      })
      if (ms === undefined || ms >= deadline.leftMs() || gate.state() === 'open') throw made.fault
      await rest(ms, deadline.signal)
    }
  }
  return {
    name,
    state: gate.state,
    async post(post) {
      refuseInsideTransaction('a network call')
      // Before the queue: behind a server that hangs it may be long.
      if (gate.state() === 'open') throw open(name, gate.waitMs())
      const deadline = startDeadline(settings.deadlineMs, () => late(name), post.signal)
      try {
        const answer = room.run(() => attempts(post, deadline), deadline.signal)
        if (answer === undefined) throw busy(name)
        return await answer
      } finally {
        deadline[Symbol.dispose]()
      }
    },
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

function open(name: string, waitMs: number): Fault {
  return fault('unavailable', {
    reason: 'breaker_open',
    say: `${name} has failed repeatedly and is not called for now; try again shortly.`,
    retryAfterMs: Math.ceil(waitMs),
  })
}

function busy(name: string): Fault {
  return fault('unavailable', {
    reason: 'provider_busy',
    say: `Too many calls to ${name} are waiting already; try again shortly.`,
  })
}

function late(name: string): Fault {
  return fault('unavailable', {
    reason: 'provider_timeout',
    say: `${name} did not answer in time; try again shortly.`,
  })
}
