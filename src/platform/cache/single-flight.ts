// Equal work at the same time is done once, and everybody who asked for it gets what came of it.

/** What `work` resolves to, or the work of the same key that is under way. Nothing is kept once it is done. */
export type SingleFlight<T> = (key: string, work: () => Promise<T>) => Promise<T>

export function singleFlight<T>(): SingleFlight<T> {
  const underWay = new Map<string, Promise<T>>()
  return (key, work) => {
    const running = underWay.get(key)
    if (running !== undefined) return running
    const started = work().finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }
}
