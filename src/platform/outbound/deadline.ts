// The end of a call to somebody else: its time, or its caller's leaving, as one signal that carries the fault to throw.
import { fault, type Fault } from '../faults.ts'

export interface Deadline extends Disposable {
  /** Aborts with the fault that says why. */
  readonly signal: AbortSignal
  readonly leftMs: () => number
}

/** Runs until disposed of. `late` is what a call fails with when `ms` have passed; a caller who leaves: `cancelled`. */
export function startDeadline(ms: number, late: () => Fault, caller?: AbortSignal): Deadline {
  const controller = new AbortController()
  const end = performance.now() + ms
  const timer = setTimeout(() => controller.abort(late()), ms)
  const leave = (): void => controller.abort(fault('cancelled'))
  if (caller?.aborted) leave()
  caller?.addEventListener('abort', leave, { once: true })
  return {
    signal: controller.signal,
    leftMs: () => end - performance.now(),
    [Symbol.dispose]() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    },
  }
}

/** `work`, or the signal's fault as soon as it is aborted, for work that knows no signals (a DNS lookup). */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
