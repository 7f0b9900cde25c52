// A stream whose first piece has come: whoever may not have it, or asks for what is not there, got a plain refusal
// before, and never a 200 that holds an error.

export interface BegunStream<T> {
  /** Undefined when there was none. */
  readonly first: T | undefined
  /** All pieces, the first one again. */
  readonly all: AsyncGenerator<T>
}

/** Throws what the source throws before its first piece. */
export async function beginStream<T>(source: AsyncGenerator<T>): Promise<BegunStream<T>> {
  const begun = await source.next()
  if (begun.done === true) return { first: undefined, all: source }
  return { first: begun.value, all: resumed(begun.value, source) }
}

async function* resumed<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield first
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
