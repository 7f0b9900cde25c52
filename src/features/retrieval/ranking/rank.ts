// From the rankings of both branches to the order of the hits. Pure: the page ranks by it, too, while its slider moves.
import { fuse, type Fused, type Ranked, type RankedByWords, type Weights } from './fuse.ts'
import { demoteNearDuplicates } from './near-duplicates.ts'
import { shownRow } from './shown-row.ts'

interface Passage {
  readonly content: string
}

export interface Rankings<L, V> {
  readonly byWords: readonly L[]
  readonly byVector: readonly V[]
  readonly weights: Weights
}

export interface Order<One> {
  /** All that were fused, best first. */
  readonly order: readonly One[]
  /** The first `limit` of these. */
  readonly hits: readonly One[]
  /** Documents that were not moved: they come first. */
  readonly distinct: number
  /** Documents that stand behind others because they say the same as better ones. */
  readonly demoted: number
}

/** Documents that are looked at for near-duplicates at first, for each that is answered. */
const LOOK_AT = 4

export function rank<L extends RankedByWords & Passage, V extends Ranked & Passage>(
  { byWords, byVector, weights }: Rankings<L, V>,
  limit: number,
): Order<Fused<L, V>> {
  const fused = fuse(byWords, byVector, weights)
  const demote = (lookAt: number) => {
    const { ranked: order, demoted } = demoteNearDuplicates(fused, one => shownRow(one).content, { lookAt })
    const distinct = Math.min(fused.length, lookAt) - demoted
    return { order, hits: order.slice(0, limit), demoted, distinct }
  }
  const first = demote(LOOK_AT * limit)
  return first.distinct >= limit || first.demoted === 0 ? first : demote(fused.length)
}
