// Equal looks of many at the same time are one look, and none of them sees less than it would have by itself.

/** What `work` resolves to, or that of another caller with the same key, begun no earlier than this call. */
export type NextFlight<T> = (key: string, work: () => Promise<T>) => Promise<T>

/**
 * All calls of one key within a turn of the event loop share one work; whoever comes while it is under way waits for the
 * one after it, since that one may have begun before what he looks for was there. Nothing is kept once it is done.
 */
export function nextFlight<T>(): NextFlight<T> {
  const underWay = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Promise<T>>()

  async function flown(key: string, work: () => Promise<T>): Promise<T> {
    // Until the one before has landed, and at least until all have asked who ask now.
    await underWay.get(key)?.catch(() => undefined)
    await new Promise(resolve => setImmediate(resolve))
    waiting.delete(key)
    const flight = work()
    underWay.set(key, flight)
    try {
      return await flight
    } finally {
      if (underWay.get(key) === flight) underWay.delete(key)
    }
  }

  return (key, work) => {
    const joined = waiting.get(key) ?? flown(key, work)
    waiting.set(key, joined)
    return joined
  }
}
