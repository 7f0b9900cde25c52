// Which of the passages found an answer is made of: the best by score, but no document and nothing that many documents
// repeat takes the places of others.
import type { Passage, Unranked } from './passage.ts'

/** Passages of one document. */
const MOST_OF_ONE = 2
/** Of the words of a passage, in threes, how many another one has for it to say the same. */
const SAME = 0.8

/** Numbered from 1, best first; at most `limit`, and fewer where the rest says the same. */
export function rankPassages(found: readonly Unranked[], limit: number): Passage[] {
  const chosen: { passage: Passage; threes: ReadonlySet<string> }[] = []
  for (const passage of found.toSorted((one, other) => other.score - one.score)) {
    if (chosen.length === limit) break
    if (chosen.filter(one => one.passage.doc_id === passage.doc_id).length >= MOST_OF_ONE) continue
    const threes = threesOf(passage.content)
    if (chosen.some(one => saysTheSame(one.threes, threes))) continue
    chosen.push({ passage: { ...passage, n: chosen.length + 1 }, threes })
  }
  return chosen.map(({ passage }) => passage)
}

function saysTheSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size < other.size ? [one, other] : [other, one]
  let common = 0
  for (const three of few) if (many.has(three)) common++
  // Counted against the larger: a short passage that stands in a long one says less, not the same.
  return common >= SAME * many.size
}

function threesOf(text: string): Set<string> {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length < 3) return new Set([words.join(' ')])
  return new Set(words.slice(2).map((_, at) => words.slice(at, at + 3).join(' ')))
}
