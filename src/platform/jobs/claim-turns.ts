// Who looks for jobs: of the claiming loops of a queue one at a time, and another as soon as that one has found something.
// Sixteen that all look, each second and at each NOTIFY, would ask fifteen times for nothing.

/** One loop: it waits until it is woken, then looks for a job and does it. */
export interface ClaimLoop {
  /** Looks now; while it looks already, once more. */
  wake(): void
  isBusy: boolean
}

export interface ClaimTurns {
  add(loop: ClaimLoop): void
  /** There may be a job: an idle loop looks, each time another, so that one that hangs holds up nobody. */
  look(): void
}

export function claimTurns(): ClaimTurns {
  const loops: ClaimLoop[] = []
  let last = 0
  return {
    add: loop => void loops.push(loop),
    look() {
      for (let step = 1; step <= loops.length; step++) {
        const at = (last + step) % loops.length
        const loop = loops[at]
        if (loop === undefined || loop.isBusy) continue
        last = at
        return loop.wake()
      }
    },
  }
}
