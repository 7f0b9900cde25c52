// Who gets the next free session of a pool: the tenant that holds the fewest, and among equals the one that has waited
// longest for a turn. So a tenant with a thousand calls waits for itself, and one with a single call for one session.
import { fault } from '../../faults.ts'

export interface FairTurns {
  /** Resolves to what ends the turn. Rejects with `cancelled` on abort, with `unavailable` after too long a wait. */
  enter(owner: string, signal?: AbortSignal): Promise<() => void>
}

export interface FairTurnsOptions {
  /** Turns at a time. */
  readonly places: number
  /**
   * Of one owner, also while nobody else waits: more would not make it faster, since a database of few cores runs few
   * statements at once, and those of the others would have to share them.
   */
  readonly mostOfOne: number
  /** The longest wait, in milliseconds. */
  readonly patienceMs: number
}

/** What is nobody's: the system's own work, which is short and rare. */
const SYSTEM = ''

export function fairTurns({ places, mostOfOne, patienceMs }: FairTurnsOptions): FairTurns {
  const held = heldTurns(places, mostOfOne)
  const waiting = waitingOwners()

  const begin = (owner: string): (() => void) => {
    held.add(owner)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      held.remove(owner)
      for (let next = nextOwner(); next !== undefined; next = nextOwner()) waiting.pass(next, begin(next))
    }
  }
  const nextOwner = (): string | undefined => {
    let fewest: string | undefined
    for (const owner of waiting.owners())
      if (held.mayHave(owner) && (fewest === undefined || held.of(owner) < held.of(fewest))) fewest = owner
    return fewest
  }

  return {
    async enter(owner, signal) {
      if (signal?.aborted) throw fault('cancelled')
      // Whoever may have a turn has one: nobody waits who could be served.
      if (held.mayHave(owner)) return begin(owner)
      const { promise, resolve, reject } = Promise.withResolvers<() => void>()
      const leave = waiting.add(owner, resolve)
      const giveUp = (error: Error): void => void (leave() && reject(error))
      const onAbort = (): void => giveUp(fault('cancelled'))
      const late = (): void =>
        giveUp(fault('unavailable', { detail: `no session was free for ${patienceMs} ms` }))
      const timer = setTimeout(late, patienceMs)
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}

function heldTurns(places: number, mostOfOne: number) {
  const held = new Map<string, number>()
  let free = places
  const of = (owner: string): number => held.get(owner) ?? 0
  return {
    of,
    mayHave: (owner: string): boolean => free > 0 && (owner === SYSTEM || of(owner) < mostOfOne),
    add(owner: string): void {
      free--
      held.set(owner, of(owner) + 1)
    },
    remove(owner: string): void {
      free++
      if (of(owner) > 1) held.set(owner, of(owner) - 1)
      else held.delete(owner)
    },
  }
}

type Pass = (end: () => void) => void

/** In the order of their last turns: who gets one goes to the end. */
function waitingOwners() {
  const waiting = new Map<string, Pass[]>()
  return {
    owners: (): Iterable<string> => waiting.keys(),
    /** Returns what leaves the queue, and whether there was still something to leave. */
    add(owner: string, pass: Pass): () => boolean {
      const queue = waiting.get(owner) ?? []
      waiting.set(owner, queue)
      queue.push(pass)
      return () => {
        const place = queue.indexOf(pass)
        if (place < 0) return false
        queue.splice(place, 1)
        if (queue.length === 0) waiting.delete(owner)
        return true
      }
    },
    /** The first of the owner's gets the turn. */
    pass(owner: string, end: () => void): void {
      const queue = waiting.get(owner) ?? []
      waiting.delete(owner)
      const first = queue.shift()
      if (queue.length > 0) waiting.set(owner, queue)
      first?.(end)
    },
  }
}
