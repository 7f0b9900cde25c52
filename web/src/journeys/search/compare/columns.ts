// The same search three times: by words alone, by both, by likeness alone; and where a document of one stands in the others.
import type { SearchHit } from '../hits/search-hit.ts'
import type { Branches } from '../ranking/rerank.ts'

export const SIDES = ['words', 'both', 'likeness'] as const
export type Side = (typeof SIDES)[number]

export interface Standing {
  readonly hit: SearchHit
  /** In the branches: as they rank; in both: among the hits. Absent where it is not among those that count. */
  readonly places: Readonly<Partial<Record<Side, number>>>
}

export type Columns = Readonly<Record<Side, readonly Standing[]>>

/** The first `rows` of each. */
export function columnsOf(branches: Branches, hits: readonly SearchHit[], rows: number): Columns {
  const words = ranked(branches.words, 'lexical')
  const likeness = ranked(branches.likeness, 'vector')
  const both = hits.map((hit, at) => ({ hit, place: at + 1 }))
  const places = {
    words: new Map(words.map(({ hit, place }) => [hit.doc_id, place])),
    both: new Map(both.map(({ hit, place }) => [hit.doc_id, place])),
    likeness: new Map(likeness.map(({ hit, place }) => [hit.doc_id, place])),
  }
  const standing = ({ hit }: { readonly hit: SearchHit }): Standing => ({
    hit,
    places: Object.fromEntries(
      SIDES.flatMap(side => {
        const place = places[side].get(hit.doc_id)
        return place === undefined ? [] : [[side, place] as const]
      }),
    ),
  })
  const first = (list: readonly { readonly hit: SearchHit }[]) => list.slice(0, rows).map(standing)
  return { words: first(words), both: first(both), likeness: first(likeness) }
}

function ranked(hits: readonly SearchHit[], branch: 'lexical' | 'vector') {
  return hits
    .flatMap(hit => {
      const place = hit.explanation[branch]?.rank
      return place === undefined ? [] : [{ hit, place }]
    })
    .toSorted((a, b) => a.place - b.place)
}

/** From a row of one column to a row of the next, both counted from 0. */
export interface Line {
  readonly id: string
  readonly from: number
  readonly to: number
}

export function linesBetween(left: readonly Standing[], right: readonly Standing[]): Line[] {
  const rows = new Map(right.map(({ hit }, at) => [hit.doc_id, at]))
  return left.flatMap(({ hit: { doc_id: id } }, from) => {
    const to = rows.get(id)
    return to === undefined ? [] : [{ id, from, to }]
  })
}
