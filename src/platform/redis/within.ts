// A promise that may be waited for so long and no longer.

/** Rejects with `late()` when nothing came for `ms`. What comes later is dropped. */
export function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => {
    // Where this process itself was busy for that long, the answer may lie unread: timers run before sockets are read,
    // this after.
    setImmediate(() => reject(late()))
  }, ms)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}
