// A server the operator named (Ollama, TEI, an OpenAI-compatible one): may be on loopback, is called at that origin
// only. Every call has a deadline, a place in a bounded queue, a breaker, and retries where they do no harm.
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { refuseInsideTransaction } from '../db/open-transaction.ts'
import { asFault, fault, type Fault } from '../faults.ts'
import { breaker, type BreakerSettings, type BreakerState } from './breaker.ts'
import { bulkhead } from './bulkhead.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { attemptsAt, open, type CallEar } from './post/attempts.ts'
import { postOnce } from './post/post-once.ts'
import { streamOnce, type StreamedAnswer } from './post/stream-once.ts'
import type { RetrySettings } from './retry.ts'

export type { CallEar }

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
  readonly ear?: CallEar | undefined
}

/** A post whose answer is read while it comes. It is never repeated once it may have reached the server. */
export interface StreamedPost extends Pick<Post, 'path' | 'headers' | 'signal' | 'maxBytes' | 'ear'> {
  /** JSON. */
  readonly body: string
}

export interface Destination {
  readonly name: string
  readonly state: () => BreakerState
  /** Of the calls of this process. The reason is a fault's; what the server said is not kept. */
  readonly lastFailure: () => { readonly at: Date; readonly reason: string } | undefined
  /**
   * The parsed JSON of a 2xx answer: untrusted. Faults: `unavailable` with the reason `breaker_open`,
   * `provider_busy`, `provider_failed` or `provider_timeout`; `cancelled` when the caller left.
   */
  readonly post: (post: Post) => Promise<unknown>
  /**
   * A 2xx answer when its head is there; its body, untrusted too, fails with the same faults. The call keeps its place,
   * and its deadline runs, until the body ends or whoever reads it stops.
   */
  readonly stream: (post: StreamedPost) => Promise<StreamedAnswer>
}

export function destination(settings: DestinationSettings): Destination {
  const { name } = settings
  const origin = new URL(settings.origin)
  const agent =
    origin.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const gate = breaker(settings.breaker, settings.now)
  const { concurrency, queue } = settings
  const room = bulkhead({ concurrency, queue, full: () => busy(name) })

  let lastFailure: ReturnType<Destination['lastFailure']>
  const attempts = attemptsAt({ name, origin, agent, gate, settings })
  /** In its place in the queue, within its time. */
  const placed = async <T>(
    { signal, ear }: Pick<Post, 'signal' | 'ear'>,
    fn: (deadline: Deadline) => Promise<T>,
  ) => {
    refuseInsideTransaction('a network call')
    // Before the queue: behind a server that hangs it may be long.
    if (gate.state() === 'open') throw open(name, gate.waitMs())
    const deadline = startDeadline(settings.deadlineMs, () => late(name), signal)
    try {
      return await room.run(() => fn(deadline), deadline.signal, ear?.owner)
    } catch (error) {
      const { code, reason } = asFault(error)
      if (code !== 'cancelled') lastFailure = { at: new Date(), reason: reason ?? code }
      throw error
    } finally {
      deadline[Symbol.dispose]()
    }
  }
  return {
    name,
    state: gate.state,
    lastFailure: () => lastFailure,
    post: post => placed(post, deadline => attempts(post, way => postOnce(post, way), deadline)),
    stream(post) {
      const head = Promise.withResolvers<StreamedAnswer>()
      const call = { ...post, isSafeToRetry: false }
      const whole = placed(post, async deadline => {
        const answer = await attempts(call, way => streamOnce(post, way), deadline)
        head.resolve(answer)
        await answer.ended
      })
      whole.catch(head.reject)
      return head.promise
    },
  }
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
