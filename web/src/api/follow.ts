// Follows an operation over server-sent events: what it answers, one after the other, across lost connections. Each
// answer has an id; after a break the server goes on behind the last one, so nothing is missed and nothing comes twice.
import { sseParser, type ServerSentEvent } from '../../../src/protocols/client/events/sse-parser.ts'
import type { Input, OperationName, Output } from './call.ts'
import { type ApiProblem, asProblem, problemFrom, unreachable } from './problem.ts'
import { leaveIfOver, send } from './send.ts'

/** `reconnecting` is shown: whoever watches must know that what they see may be old. */
export type Connection =
  | { readonly state: 'connecting' | 'live' | 'over' }
  | { readonly state: 'reconnecting'; readonly attempt: number }
  | { readonly state: 'failed'; readonly problem: ApiProblem }

export interface Following<Name extends OperationName> {
  readonly signal: AbortSignal
  readonly onOutput: (output: Output<Name>) => void
  readonly onConnection: (connection: Connection) => void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
const SILENCE_MS = 45_000
/** What trying again cannot mend. */
const FINAL = new Set([
  'unauthenticated',
  'forbidden',
  'not_found',
  'invalid_input',
  'unsupported',
  'conflict',
])

/** Until it is over, `signal` ends it, or it cannot go on; which of them `onConnection` tells. Never throws. */
export async function follow<Name extends OperationName>(
  name: Name,
  input: Input<Name>,
  { signal, onOutput, onConnection }: Following<Name>,
): Promise<void> {
  let lastId = ''
  let attempt = 0
  onConnection({ state: 'connecting' })
  while (!signal.aborted) {
    try {
      for await (const event of events(`/api/${name}`, input, { lastId, signal })) {
        if (event.event === 'problem') throw problemFrom(JSON.parse(event.data), 503)
        attempt = 0
        onConnection({ state: 'live' })
        if (event.event === 'end') {
          onConnection({ state: 'over' })
          return
        }
        if (event.event !== 'message') continue
        lastId = event.id
        onOutput(JSON.parse(event.data) as Output<Name>)
      }
      // A stream that just stops was cut: its end is told.
      throw unreachable()
    } catch (thrown) {
      if (signal.aborted) return
      const problem = asProblem(thrown)
      if ((await leaveIfOver(problem)) || FINAL.has(problem.code)) {
        onConnection({ state: 'failed', problem })
        return
      }
      attempt += 1
      onConnection({ state: 'reconnecting', attempt })
      await pause(Math.max(backoff(attempt), problem.retryAfterMs ?? 0), signal)
    }
  }
}

interface Reading {
  readonly lastId: string
  readonly signal: AbortSignal
}

/** The first event is no answer, but tells that the connection stands. */
async function* events(
  path: string,
  body: unknown,
  { lastId, signal }: Reading,
): AsyncGenerator<ServerSentEvent> {
  const answer = await send(path, {
    method: 'POST',
    body,
    headers: { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) },
    signal,
  })
  yield { event: 'open', data: '', id: lastId }
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) return
  const parser = sseParser()
  // Cancelled, the stream ends like one that was cut.
  const silence = watchdog(() => void reader.cancel().catch(() => undefined))
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      silence.heard()
      yield* parser.push(value)
    }
  } finally {
    silence.end()
    reader.cancel().catch(() => undefined)
  }
}

/** The server says something every 15 s, if only that it is there: after a sleep or behind a dead proxy nobody does. */
function watchdog(act: () => void): { readonly heard: () => void; readonly end: () => void } {
  let timer = setTimeout(act, SILENCE_MS)
  return {
    heard: () => {
      clearTimeout(timer)
      timer = setTimeout(act, SILENCE_MS)
    },
    end: () => clearTimeout(timer),
  }
}

/** Spread, so that a thousand pages do not come back in the same moment. */
function backoff(attempt: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
  return longest / 2 + (Math.random() * longest) / 2
}

/** Ends early when the browser says that it is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const over = new AbortController()
    const end = () => {
      clearTimeout(timer)
      over.abort()
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true, signal: over.signal })
    window.addEventListener('online', end, { once: true, signal: over.signal })
  })
}
