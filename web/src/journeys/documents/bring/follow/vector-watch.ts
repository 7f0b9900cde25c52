// Looks whether the passages of documents have their vectors yet: there is no event for it, vectors are made for all
// documents together.
import type { VectorCount } from '../../../../api/operations.gen.ts'

const FIRST_MS = 1_500
const PAUSE_MS = 5_000
const AT_ONCE = 100

export interface VectorWatch {
  /** Looks soon, and again until nothing is pending. */
  begin(): void
  close(): void
}

export interface VectorWatchDeps {
  /** The documents whose vectors are not all known to be there, in the order in which they are looked at. */
  readonly pending: () => readonly string[]
  readonly count: (documentIds: readonly string[]) => Promise<readonly VectorCount[]>
  readonly onCounts: (counts: readonly VectorCount[]) => void
}

export function vectorWatch({ pending, count, onCounts }: VectorWatchDeps): VectorWatch {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  /** Deleted meanwhile, or closed to whoever looks. */
  const gone = new Set<string>()
  const wanted = (): string[] => pending().filter(id => !gone.has(id))

  async function look(): Promise<void> {
    const ids = wanted().slice(0, AT_ONCE)
    // What cannot be counted now is counted the next time.
    const counts = ids.length === 0 ? undefined : await count(ids).catch(() => undefined)
    if (counts !== undefined && !isClosed) {
      const found = new Set(counts.map(one => one.document_id))
      for (const id of ids) if (!found.has(id)) gone.add(id)
      onCounts(counts)
    }
    timer = undefined
    if (!isClosed && wanted().length > 0) timer = setTimeout(() => void look(), PAUSE_MS)
  }

  return {
    begin() {
      if (!isClosed) timer ??= setTimeout(() => void look(), FIRST_MS)
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
