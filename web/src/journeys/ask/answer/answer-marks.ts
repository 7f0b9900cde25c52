// Where in an answer its citations stand, and what in it no document supports: ranges of its text. Pure.
import type { CitationState, Source, Unsupported } from './checked.ts'

/** A number that an answer names, and how often it has named it before: each time another place may be meant. */
export interface Named {
  readonly n: number
  readonly before: number
}

export type AnswerMark = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'citation'; readonly named: readonly Named[] }
  | { readonly kind: 'unsupported'; readonly state: CitationState }
)

/** As the server reads them: [2], [1, 3]. */
const CITATION = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g

/** In order, none within another. */
export function answerMarks(text: string, unsupported: readonly Unsupported[]): AnswerMark[] {
  const citations = citationsIn(text)
  const isFree = (one: AnswerMark): boolean =>
    !citations.some(({ start, end }) => start < one.end && one.start < end)
  return [...citations, ...unsupported.flatMap(one => placesOf(text, one)).filter(isFree)].toSorted(
    (a, b) => a.start - b.start,
  )
}

function citationsIn(text: string): AnswerMark[] {
  const times = new Map<number, number>()
  const nameOnce = (n: number): Named => {
    const before = times.get(n) ?? 0
    times.set(n, before + 1)
    return { n, before }
  }
  return [...text.matchAll(CITATION)].map(({ index, 0: mark, 1: list = '' }) => ({
    kind: 'citation',
    start: index,
    end: index + mark.length,
    named: [...new Set(list.split(/[,;]/).map(Number))].map(nameOnce),
  }))
}

/** The place that is meant: sentences that are quoted each have their own, other answers cite a passage as a whole. */
export function sourceOf(sources: readonly Source[], { n, before }: Named): Source | undefined {
  const places = sources.filter(source => source.n === n)
  return places[before] ?? places.at(-1)
}

/** A quote over several lines stands in them line by line, each behind its mark. */
function placesOf(text: string, { text: quoted, state }: Unsupported): AnswerMark[] {
  return quoted
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .flatMap((line): AnswerMark[] => {
      const start = text.indexOf(line)
      return start < 0 ? [] : [{ kind: 'unsupported', start, end: start + line.length, state }]
    })
}
