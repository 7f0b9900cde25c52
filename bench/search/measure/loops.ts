// The two ways of putting load on something. Closed: so many callers, each asks again as soon as it is answered; that
// says how much gets through. Open: calls fall due at a fixed rate whether or not earlier ones are answered, and are
// timed from when they were due; a server that falls behind cannot hide it (no coordinated omission).
import { setTimeout as wait } from 'node:timers/promises'
import { quantile } from '../../figures.ts'

/** The `at`-th call; counts on over all callers. */
export type Call = (at: number) => Promise<unknown>

export interface Timed {
  /** In milliseconds, in the order they ended. */
  readonly latencies: readonly number[]
  readonly seconds: number
}

export interface Closed {
  readonly callers: number
  /** Whatever comes first ends it; a caller that has begun is waited for. */
  readonly seconds: number
  readonly calls?: number
}

export async function closedLoop(
  { callers, seconds, calls = Number.POSITIVE_INFINITY }: Closed,
  call: Call,
): Promise<Timed> {
  const latencies: number[] = []
  let next = 0
  const begun = performance.now()
  const end = begun + seconds * 1_000
  const caller = async (): Promise<void> => {
    while (next < calls && performance.now() < end) {
      const asked = performance.now()
      await call(next++)
      latencies.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return { latencies, seconds: (performance.now() - begun) / 1_000 }
}

export async function openLoop(
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
  call: Call,
): Promise<Timed> {
  const latencies: number[] = []
  const running: Promise<void>[] = []
  const begun = performance.now()
  for (let at = 0; at < rate * seconds; at++) {
    const due = begun + (at * 1_000) / rate
    const ahead = due - performance.now()
    // Timers come up to a millisecond late; the call is counted from when it was due all the same.
    if (ahead > 1) await wait(ahead)
    running.push(call(at).then(() => void latencies.push(performance.now() - due)))
  }
  await Promise.all(running)
  return { latencies, seconds: (performance.now() - begun) / 1_000 }
}

/** What a table says of a run. */
export function figuresOf({ latencies, seconds }: Timed): Record<string, number> {
  return {
    'q/s': latencies.length / seconds,
    'p50 ms': quantile(latencies, 0.5),
    'p95 ms': quantile(latencies, 0.95),
    'p99 ms': quantile(latencies, 0.99),
  }
}
