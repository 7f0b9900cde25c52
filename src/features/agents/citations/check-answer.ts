// Whether an answer rests on the passages it was made of: what it cites is among them, and what it gives as their words
// stands there.
import type { Passage } from '../answers/passage.ts'
import { cite, type Cited, type Problem, type Unsupported } from './citation.ts'
import { folded } from './folded.ts'
import { numbersIn } from './marks.ts'
import { quotationsIn, type Quotation } from './quotations.ts'
import { unknownReferences } from './references.ts'
import { isStitched, standsIn, type Source } from './stands.ts'

export interface CheckedAnswer {
  /** What it cites, once each, in its order; those that do not hold with what is wrong. */
  readonly citations: readonly (Cited & { readonly problem?: Problem })[]
  /** What stands in no passage, or not in the one that it is cited from. */
  readonly unsupported: readonly Unsupported[]
}

export interface Answered {
  /** It may be quoted as well. */
  readonly question: string
  readonly answer: string
  readonly passages: readonly Passage[]
}

export function checkAnswer({ question, answer, passages }: Answered): CheckedAnswer {
  const numbers = numbersIn(answer)
  const sources = passages.map(({ n, content }) => ({ n, text: folded(content) }))
  const asked = { n: 0, text: folded(question) }
  const misquoted = quotationsIn(answer).flatMap(quotation => {
    const problem = problemOf(quotation, sources, asked)
    return problem === undefined ? [] : [{ ...quotation, problem }]
  })
  const unknown = [
    ...numbers.filter(n => passages[n - 1] === undefined).map(n => ({ text: `[${n}]`, n })),
    ...referencesOf({ question, answer, passages }).map(text => ({ text })),
  ]
  return {
    citations: numbers.flatMap(n => {
      const passage = passages[n - 1]
      if (passage === undefined) return []
      const problem = misquoted.find(({ cited }) => cited.includes(n))?.problem
      return [{ ...cite(passage), ...(problem === undefined ? {} : { problem }) }]
    }),
    unsupported: [
      ...unknown.map(one => ({ problem: 'unknown' as const, ...one })),
      ...misquoted.map(({ problem, text, cited: [n] }) => ({
        problem,
        text: text.trim().slice(0, LONGEST_SHOWN),
        ...(n === undefined ? {} : { n }),
      })),
    ].slice(0, MOST_SHOWN),
  }
}

const LONGEST_SHOWN = 500
const MOST_SHOWN = 50
/** Words in quote marks without a number beside them are somebody's words from so many on; fewer are a manner of speaking. */
const WORDS = 3

function problemOf(
  { text, cited }: Quotation,
  sources: readonly Source[],
  asked: Source,
): Problem | undefined {
  const beside = sources.filter(({ n }) => cited.includes(n))
  if (beside.some(source => standsIn(text, source))) return undefined
  const isAnywhere = sources.some(source => standsIn(text, source))
  if (cited.length === 0) {
    if (isAnywhere || standsIn(text, asked) || folded(text).split(' ').length < WORDS) return undefined
  } else if (isAnywhere) return 'misattributed'
  return isStitched(text, sources) ? 'stitched' : 'fabricated'
}

function referencesOf({ question, answer, passages }: Answered): string[] {
  return unknownReferences(answer, {
    ids: passages.map(({ doc_id }) => doc_id.toLowerCase()),
    texts: [question, ...passages.flatMap(({ title, content }) => [title, content])],
  })
}
