// Follows a chain link by link and says where it does not hold: pure, page by page, so that a chain of any length is
// checked in the memory of one page.
import { FIRST_HEAD, sameHash, type ChainHead, type HashOf, type Link } from './canonical.ts'
import { movedRows } from './moved-rows.ts'
import { rowHash, type LinkedRow } from './row-hash.ts'

export type FindingKind = 'edited' | 'removed' | 'inserted' | 'reordered' | 'cut_off' | 'head_mismatch'

export interface ChainFinding {
  readonly kind: FindingKind
  /** The place in the chain: the first of those concerned. */
  readonly chained_as: bigint
  /** The last place concerned, where they are several. */
  readonly until?: bigint
  /** The `sequence` of the row that stands there, where one does. */
  readonly sequence?: bigint
}

export interface ChainCheck<Row> {
  /** The next rows in order of their places. A page that ends early ends nothing: pages may be of any size. */
  page(rows: readonly Row[]): void
  /** What was found, after the last page. `head` as the database has it now. */
  end(head: ChainHead | undefined): CheckedChain
}

export interface CheckedChain {
  readonly rows: number
  readonly findings: readonly ChainFinding[]
  /** Whether more was found than is told. */
  readonly isCut: boolean
}

const FINDINGS = 100

/** Begins a check of an audit. */
export function checkChain(saved?: ChainHead): ChainCheck<LinkedRow> {
  return checkLinks<LinkedRow>(rowHash, saved)
}

/**
 * Begins a check at the first row. `saved` is a head that was kept elsewhere: the chain must pass through it, which shows
 * that no row up to there was changed since, not even by somebody who made all hashes anew.
 */
export function checkLinks<Row extends Link>(hashOf: HashOf<Row>, saved?: ChainHead): ChainCheck<Row> {
  const findings: ChainFinding[] = []
  let isCut = false
  let rows = 0
  let place = 0n
  /** Hashes that the last row may stand for: what it says and, where that is wrong, what it should say; none is known after a gap. */
  let previous: readonly Uint8Array[] | undefined = [FIRST_HEAD]
  const moved = movedRows(hashOf)

  const found = (finding: ChainFinding): void => {
    if (findings.length < FINDINGS) findings.push(finding)
    else isCut = true
  }

  function link(row: Row, following: () => readonly Row[]): void {
    if (row.chained_as <= place) return found(at('inserted', row))
    const expected = place + 1n
    if (row.chained_as > expected) {
      const until = row.chained_as - 1n
      found({ kind: 'removed', chained_as: expected, ...(until > expected ? { until } : {}) })
      previous = undefined
    }
    previous = hashesAt(row, following)
    place = row.chained_as
    if (place === saved?.chained_as && !previous.some(hash => sameHash(hash, saved.chain_hash)))
      found(at('head_mismatch', row))
  }

  function hashesAt(row: Row, following: () => readonly Row[]): readonly Uint8Array[] {
    const stored = row.chain_hash
    // What came before it is gone: it can be neither checked nor doubted.
    if (previous === undefined) return stored === null ? [] : [stored]
    const computed = previous.map(hash => hashOf(hash, row))
    if (stored !== null && computed.some(hash => sameHash(hash, stored))) return [stored]
    const belongs = moved.belongingAt(row, previous, following())
    found(at(belongs === undefined ? 'edited' : 'reordered', row))
    return belongs === undefined ? [...(stored === null ? [] : [stored]), ...computed.slice(0, 1)] : [belongs]
  }

  return {
    page: page => {
      rows += page.length
      page.forEach((row, index) => link(row, () => page.slice(index + 1)))
    },
    end(head) {
      const last = head?.chained_as ?? 0n
      if (place < last) found(gap(place, last))
      else if (place > last) found({ kind: 'head_mismatch', chained_as: last + 1n, until: place })
      else if (head !== undefined && !(previous ?? []).some(hash => sameHash(hash, head.chain_hash)))
        found({ kind: 'head_mismatch', chained_as: place })
      if (saved !== undefined && saved.chained_as > place && saved.chained_as > last)
        found(gap(place, saved.chained_as))
      return { rows, findings, isCut }
    },
  }
}

function at(kind: FindingKind, { chained_as, sequence }: Link): ChainFinding {
  return { kind, chained_as, sequence }
}

function gap(place: bigint, last: bigint): ChainFinding {
  return { kind: 'cut_off', chained_as: place + 1n, ...(last > place + 1n ? { until: last } : {}) }
}
