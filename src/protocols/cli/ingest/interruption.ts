// Ctrl-C and SIGTERM: the first asks for an orderly end, a second one ends the process at once.

/** One signal may arrive twice (from the terminal's group and from npm): that is not a second wish. */
const SAME_SIGNAL_MS = 200

export interface Interruption {
  readonly signal: AbortSignal
  /** Gives the signals back. */
  release(): void
}

export function interruption(): Interruption {
  const controller = new AbortController()
  let firstAt = 0
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now()
      controller.abort()
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      process.exit(130)
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
