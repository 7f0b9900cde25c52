// Tells a row that stands in another's place from one that was edited: the row that belongs there is looked for among
// those that come after it and those that were found in a wrong place before.
import { sameHash, type HashOf, type Link } from './canonical.ts'

/** Rows found in wrong places that are remembered. */
const REMEMBERED = 100
/** Rows that are tried in all; in a chain that is broken everywhere the search would take for ever. */
const TRIED = 20_000

export interface MovedRows<Row> {
  /**
   * The hash of the row that belongs in the place of `row`, which does not fit there; undefined when it is nowhere near.
   * `previous`: hashes that the row before may stand for.
   */
  belongingAt(row: Row, previous: readonly Uint8Array[], following: readonly Row[]): Uint8Array | undefined
}

export function movedRows<Row extends Link>(hashOf: HashOf<Row>): MovedRows<Row> {
  let moved: readonly Row[] = []
  let tried = 0
  return {
    belongingAt(row, previous, following) {
      for (const other of [...moved, ...following]) {
        if (tried++ > TRIED) return undefined
        const hash = hashInPlaceOf(row, other, previous)
        if (hash === undefined) continue
        moved = [...moved, row].slice(-REMEMBERED)
        return hash
      }
      return undefined
    },
  }

  /** Whether the hashes moved with their rows or stayed in their places. */
  function hashInPlaceOf(row: Row, other: Row, previous: readonly Uint8Array[]): Uint8Array | undefined {
    return previous
      .map(before => hashOf(before, { ...other, chained_as: row.chained_as }))
      .find(hash => [other.chain_hash, row.chain_hash].some(one => one !== null && sameHash(one, hash)))
  }
}
