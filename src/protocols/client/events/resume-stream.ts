// One stream out of many connections: after a cut it goes on where it was, by the number of the last event. What comes
// twice is passed over, what was left out is asked for again; so followers see every event once and in order.
import { GatehouseError } from '../gatehouse-error.ts'

/** What a connection gave. */
export interface Piece<T> {
  /** Of the event; of a snapshot, the last one it holds. */
  readonly sequence: number
  readonly item: T
  readonly isSnapshot: boolean
  /** Of a snapshot that replaces what was seen before: the events in between are not to be had any more. */
  readonly isGap: boolean
  /** Nothing follows: for ever, or until somebody does something. */
  readonly rest?: 'ended' | 'waiting' | undefined
}

export interface Patience {
  /** How long without anything new until the last failure is thrown, in milliseconds. */
  readonly forMs?: number
  readonly firstPauseMs?: number
}

export interface ResumeDeps<T> {
  /** A connection that begins after that event; from what the server thinks best where it is undefined. */
  readonly open: (after: number | undefined, signal: AbortSignal) => AsyncIterable<Piece<T>>
  readonly after?: number | undefined
  readonly signal?: AbortSignal | undefined
  /**
   * Whether the task still waits as this piece says, with nothing after it. A log that is read again has states in it
   * that are long over.
   */
  readonly isStillWaiting?: ((item: T) => Promise<boolean>) | undefined
  /** Whether a new connection may get further where this one was refused for its token. */
  readonly canRenew: boolean
  readonly patience?: Patience | undefined
}

const LONGEST_PAUSE_MS = 5_000
/** Connections in a row that leave out the same event: then it is not there. */
const MOST_MISSES = 5
/** `cancelled` not by the reader: a server that stops ends what it was doing. */
const PASSING: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'rate_limited', 'cancelled'])

interface Standing<T> {
  last: number | undefined
  pause: number
  /** Undefined while connections hold. */
  failingSince: number | undefined
  refusals: number
  misses: number
  /** The last thing that was heard, where it says that the task waits for somebody. */
  waiting: T | undefined
}

/**
 * Ends when the task is at rest, or when the signal ends it. Throws what the server refuses; with the reason
 * `auth_expired` when it refuses the token.
 */
export async function* resumeStream<T>(deps: ResumeDeps<T>): AsyncGenerator<T> {
  const { signal = new AbortController().signal } = deps
  const firstPauseMs = deps.patience?.firstPauseMs ?? 200
  const fresh = { pause: firstPauseMs, refusals: 0, misses: 0 }
  const at: Standing<T> = { ...fresh, last: deps.after, failingSince: undefined, waiting: undefined }
  while (!signal.aborted) {
    let problem: GatehouseError
    // Its own: leaving the loop for whatever reason closes the connection.
    const connection = new AbortController()
    try {
      for await (const piece of deps.open(at.last, AbortSignal.any([signal, connection.signal]))) {
        at.failingSince = undefined
        if (isNewAfter(piece, at.last)) {
          Object.assign(at, fresh, { last: piece.sequence, waiting: waitingIn(piece) })
          yield piece.item
        }
        if (piece.rest === 'ended') return
      }
      problem = cut('The connection ended before the task did.')
    } catch (error) {
      problem = asGatehouseError(error)
    } finally {
      connection.abort()
    }
    if (signal.aborted || (await isAtRest(at, problem, deps))) return
    await sleep(pauseAfter(at, problem, deps), signal)
  }
}

/** Throws where an event is missing before this one: the connection is given up, and another asked for what is missing. */
function isNewAfter<T>({ sequence, isSnapshot, isGap }: Piece<T>, last: number | undefined): boolean {
  if (isSnapshot) return last === undefined || isGap
  if (last === undefined || sequence === last + 1) return true
  if (sequence <= last) return false
  throw cut(`Event ${last + 1} is missing.`, MISSING)
}

function waitingIn<T>({ rest, item }: Piece<T>): T | undefined {
  return rest === 'waiting' ? item : undefined
}

async function isAtRest<T>(
  { last, waiting }: Standing<T>,
  { reason }: GatehouseError,
  { isStillWaiting }: ResumeDeps<T>,
): Promise<boolean> {
  // Whoever has seen all of it is told that there is no more.
  if (last !== undefined && reason === 'task_ended') return true
  if (waiting === undefined || isStillWaiting === undefined) return false
  // Who cannot be asked now is asked by the next connection.
  return isStillWaiting(waiting).catch(() => false)
}

/** How long until the next connection, in milliseconds; throws the problem where there is to be none. */
function pauseAfter<T>(
  at: Standing<T>,
  problem: GatehouseError,
  { canRenew, patience }: ResumeDeps<T>,
): number {
  if (problem.code === 'unauthenticated') {
    if (!canRenew || ++at.refusals > 1) throw expired(problem)
  } else if (!PASSING.has(problem.code)) throw problem
  if (problem.reason === MISSING && ++at.misses > MOST_MISSES) throw problem
  // Half to all of it, so that those who were cut off together do not come back together.
  const wait = Math.max(at.pause * (0.5 + Math.random() / 2), problem.retryAfterMs ?? 0)
  const now = performance.now()
  at.failingSince ??= now
  if (now + wait - at.failingSince > (patience?.forMs ?? 60_000)) throw problem
  at.pause = Math.min(2 * at.pause, LONGEST_PAUSE_MS)
  return wait
}

const MISSING = 'missing_event'

function cut(say: string, reason = 'cut'): GatehouseError {
  return new GatehouseError('unavailable', say, { reason })
}

function expired(because: GatehouseError): GatehouseError {
  return new GatehouseError('unauthenticated', because.say, { reason: 'auth_expired', because })
}

/** A connection that breaks throws whatever its reader throws. */
function asGatehouseError(error: unknown): GatehouseError {
  if (error instanceof GatehouseError) return error
  return new GatehouseError('unavailable', 'The connection broke.', { reason: 'cut', because: error })
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const wake = (): void => {
    clearTimeout(timer)
    resolve()
  }
  if (signal.aborted) wake()
  signal.addEventListener('abort', wake, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', wake))
}
