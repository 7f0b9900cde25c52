// Stops calling a server that does not answer, or not in time, and finds out with one call whether it does again.
// Why not a package: docs/decisions/0009-outbound.md.

export interface BreakerSettings {
  /** Opens after so many failures in a row … */
  readonly consecutive: number
  /** … or when this share of the last `window` calls failed. */
  readonly failureRate: number
  readonly window: number
  /** How long it stays open before one call is let through. */
  readonly openMs: number
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** `none`: the call ended without telling anything about the server (its caller left early). */
export type Outcome = 'answered' | 'failed' | 'none'

export interface Breaker {
  readonly state: () => BreakerState
  /** How long until a call may try again; 0 when one may now. */
  readonly waitMs: () => number
  /** Leave to call, to be settled exactly once with what came of it; undefined when it must not be made. */
  readonly admit: () => ((outcome: Outcome) => void) | undefined
}

/** `now` is a clock in milliseconds that never goes back. */
export function breaker(settings: BreakerSettings, now: () => number = () => performance.now()): Breaker {
  let openedAt: number | undefined
  let isProbing = false
  let latest: boolean[] = []
  // What was admitted before the state changed says nothing about the state now.
  let era = 0

  const change = (at: number | undefined): void => {
    openedAt = at
    isProbing = false
    latest = []
    era++
  }
  const count = (hasFailed: boolean): void => {
    latest = [...latest, hasFailed].slice(-Math.max(settings.window, settings.consecutive))
    const inWindow = latest.slice(-settings.window)
    const failures = inWindow.filter(Boolean).length
    const isRow = latest.length >= settings.consecutive && latest.slice(-settings.consecutive).every(Boolean)
    if (isRow || (inWindow.length === settings.window && failures / settings.window >= settings.failureRate))
      change(now())
  }
  const state = (): BreakerState => {
    if (openedAt === undefined) return 'closed'
    return now() - openedAt < settings.openMs ? 'open' : 'half-open'
  }
  const settleProbe = (outcome: Outcome): void => {
    if (outcome === 'none') isProbing = false
    else change(outcome === 'answered' ? undefined : now())
  }
  return {
    state,
    waitMs: () => (openedAt === undefined ? 0 : Math.max(0, openedAt + settings.openMs - now())),
    admit() {
      const at = state()
      if (at === 'open' || (at === 'half-open' && isProbing)) return undefined
      if (at === 'half-open') isProbing = true
      const admitted = era
      return outcome => {
        if (admitted !== era) return
        if (at === 'half-open') settleProbe(outcome)
        else if (outcome !== 'none') count(outcome === 'failed')
      }
    },
  }
}
