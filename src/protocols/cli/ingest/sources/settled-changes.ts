// What changed between looks at the same files. A file counts as changed when two looks find it in the same new
// state, so that one that is still being written is left alone; as gone when two looks do not find it, since many
// editors save by putting a new file in the old one's place.
import type { Source } from './source.ts'

/** The state in which a file was last taken in, by label. */
export type Known = ReadonlyMap<string, string>

export interface Look {
  /** New states that were seen once. */
  readonly unsettled: ReadonlyMap<string, string>
  readonly missing: ReadonlySet<string>
}

export interface Changes {
  readonly ready: readonly Source[]
  readonly gone: readonly string[]
  /** To be handed in with the next look. */
  readonly look: Look
}

export const FIRST_LOOK: Look = { unsettled: new Map(), missing: new Set() }

export function settledChanges(known: Known, last: Look, found: readonly Source[]): Changes {
  const changed = found.filter(source => known.get(source.label) !== stateOf(source))
  const labels = new Set(found.map(({ label }) => label))
  const missing = [...known.keys()].filter(label => !labels.has(label))
  const isSettled = (source: Source): boolean => last.unsettled.get(source.label) === stateOf(source)
  return {
    ready: changed.filter(isSettled),
    gone: missing.filter(label => last.missing.has(label)),
    look: {
      unsettled: new Map(
        changed.filter(source => !isSettled(source)).map(source => [source.label, stateOf(source)]),
      ),
      missing: new Set(missing.filter(label => !last.missing.has(label))),
    },
  }
}

export function stateOf({ stamp, unreadable }: Source): string {
  return stamp ?? `unreadable: ${unreadable ?? ''}`
}
