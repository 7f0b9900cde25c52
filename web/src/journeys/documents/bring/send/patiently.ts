// Asks again what was refused for the moment only: the server was away, or had too much to do.
import { asProblem } from '../../../../api/problem.ts'

const PASSING = new Set(['unavailable', 'timeout', 'rate_limited'])
const TRIES = 8
const FIRST_MS = 500
/** Whoever would have to wait longer is told so instead. */
const LONGEST_MS = 30_000

/** Throws the last refusal, or the signal's reason. */
export async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tried = 1; ; tried++) {
    signal.throwIfAborted()
    try {
      return await ask()
    } catch (thrown) {
      signal.throwIfAborted()
      const { code, retryAfterMs = 0 } = asProblem(thrown)
      const wait = Math.max(retryAfterMs, FIRST_MS * 2 ** (tried - 1))
      if (!PASSING.has(code) || tried >= TRIES || wait > LONGEST_MS) throw thrown
      await pause(wait, signal)
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
