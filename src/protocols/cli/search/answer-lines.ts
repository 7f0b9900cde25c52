// The hits of a search as a person reads them.
import type { Hit, SearchAnswer } from '../../../features/retrieval/search-answer.ts'
import { printable } from '../ingest/report/printable.ts'
import { bold, excerpt, wrapped, type Page } from './layout.ts'

export interface Shown {
  /** As it was named; a credential has its own. */
  readonly tenant: string | undefined
  readonly isExplained: boolean
  readonly isFiltered: boolean
  readonly page: Page
}

interface Weighed {
  readonly weights: Weights
}
type Weights = SearchAnswer['weights']

const OWN_TENANT = 'your tenant'
/** Of a passage; the whole of it is what retrieve_document is for. */
const PASSAGE_LINES = 4

export function answerLines(answer: SearchAnswer, shown: Shown): string[] {
  const { hits } = answer
  const notes = noteLines(answer, shown.page)
  if (hits.length === 0) return [...notes, ...emptyLines(answer, shown)]
  const { bm25, vector } = answer.weights
  const model = answer.searched.embedding_model
  const how =
    vector === 0
      ? 'by words'
      : `words ${rounded(bm25)}, likeness ${rounded(vector)}${model === undefined ? '' : ` (${printable(model)})`}`
  const head = `${hits.length} ${hits.length === 1 ? 'hit' : 'hits'} in ${shown.tenant ?? OWN_TENANT} · ${how}`
  return [
    ...wrapped(head, shown.page),
    ...notes,
    ...hits.flatMap((hit, at) => ['', ...hitLines(hit, at + 1, { ...shown, weights: answer.weights })]),
  ]
}

/** What was done to the query, and what could not be done. */
function noteLines({ searched, degraded }: SearchAnswer, page: Page): string[] {
  const { corrections = [], near_duplicates = 0, terms_left_out, cleaned } = searched
  const instead = corrections.map(({ from, to }) => `${printable(to)} instead of ${printable(from)}`)
  const moved =
    near_duplicates === 1
      ? '1 document that says nearly the same as better ones was moved behind the others.'
      : `${near_duplicates} documents that say nearly the same as better ones were moved behind the others.`
  return [
    ...(instead.length === 0 ? [] : [`Searched for ${instead.join(', ')}.`]),
    ...(degraded === undefined ? [] : [`Degraded: ${printable(degraded)}`]),
    ...(near_duplicates === 0 ? [] : [moved]),
    ...(terms_left_out === 0 ? [] : [`Only the 64 rarest words were looked up, ${terms_left_out} were not.`]),
    ...(cleaned ? ['Characters that no text can hold were removed from the query.'] : []),
  ].flatMap(note => wrapped(note, page))
}

function hitLines(hit: Hit, place: number, { isExplained, page, weights }: Shown & Weighed): string[] {
  const number = `${place}`.padStart(2)
  const indent = '    '
  const heading = hit.heading === '' ? [] : [printable(hit.heading)]
  const where = [`id ${hit.doc_id}`, ...pagesOf(hit), ...heading]
  return [
    ...wrapped(printable(hit.title) || 'Untitled', page, indent, `${number}  `).map(line => bold(line, page)),
    ...(isExplained ? [sumOf(hit, weights), ...termsOf(hit)] : [shortly(hit)]).flatMap(line =>
      wrapped(line, page, indent),
    ),
    ...wrapped(where.join(' · '), page, indent),
    ...excerpt(hit.content, hit.highlights, { page, indent, most: PASSAGE_LINES }),
  ]
}

function pagesOf({ page, last_page = page }: Hit): string[] {
  if (page === undefined) return []
  return [page === last_page ? `page ${page}` : `pages ${page}–${last_page ?? page}`]
}

/** 'score 0.01639 · words 1 (BM25 4.213) · likeness 2 (cosine 0.612)' */
function shortly({ score, explanation: { lexical, vector } }: Hit): string {
  return [
    `score ${score.toFixed(5)}`,
    ...(lexical === undefined ? [] : [`words ${lexical.rank} (BM25 ${lexical.score.toFixed(3)})`]),
    ...(vector === undefined ? [] : [`likeness ${vector.rank} (cosine ${vector.score.toFixed(3)})`]),
  ].join(' · ')
}

/** 'score 0.01639 = 0.00820 words (rank 1, BM25 4.213) + 0.00819 likeness (rank 2, cosine 0.612)' */
function sumOf({ score, explanation: { lexical, vector, no_vector } }: Hit, weights: Weights): string {
  const citation =
    lexical?.citation_score === undefined ? '' : `, ${lexical.citation_score.toFixed(3)} of it cited`
  const words =
    lexical &&
    `${lexical.contribution.toFixed(5)} words (rank ${lexical.rank}, BM25 ${lexical.score.toFixed(3)}${citation})`
  const likeness =
    vector &&
    `${vector.contribution.toFixed(5)} likeness (rank ${vector.rank}, cosine ${vector.score.toFixed(3)})`
  const parts = [words, likeness].filter(part => part !== undefined).join(' + ')
  const why = no_vector === true ? 'it has no vector' : citation === '' ? '' : 'it holds what is cited'
  // Words of a search by words alone count in full anyway.
  const full = why === '' || weights.vector === 0 ? '' : `; ${why}: words count in full`
  return `score ${score.toFixed(5)} = ${parts}${full}`
}

/** 'machin 3× (in 4 passages, idf 2.10) · learn 1× (…)' */
function termsOf({ explanation: { lexical } }: Hit): string[] {
  const matched = lexical?.matched ?? []
  if (matched.length === 0) return []
  return [matched.map(term => termText(term)).join(' · ')]
}

interface Term {
  readonly term: string
  readonly tf: number
  readonly df?: number | undefined
  readonly idf?: number | undefined
}

export function termText({ term, tf, df, idf }: Term): string {
  const statistics =
    df === undefined || idf === undefined
      ? ''
      : ` (in ${df} ${df === 1 ? 'passage' : 'passages'}, idf ${idf.toFixed(2)})`
  return `${printable(term)} ${tf}×${statistics}`
}

function emptyLines({ searched, weights }: SearchAnswer, { tenant, isFiltered, page }: Shown): string[] {
  const { phrases = [], excluded = [] } = searched
  const quoted = phrases.map(phrase => `“${printable(phrase)}”`).join(' and ')
  const next = [
    ...(isFiltered ? ['Leave out the filter: it may pass by what matches.'] : []),
    ...(phrases.length === 0 ? [] : [`Leave out the quotes: ${quoted} must stand in a passage as quoted.`]),
    ...(excluded.length === 0 ? [] : [`Leave out -${printable(excluded.join(', -'))}.`]),
    ...(weights.vector === 0 ? ['Leave out --words: likeness finds what is said in other words.'] : []),
  ]
  const where = tenant === undefined ? '' : ` --tenant ${tenant}`
  const otherwise = `Try other words, or take documents in: gatehouse ingest <folder>${where}`
  const lines = [`Nothing in ${tenant ?? OWN_TENANT} matches.`, ...(next.length === 0 ? [otherwise] : next)]
  return lines.flatMap(line => wrapped(line, page))
}

function rounded(weight: number): string {
  return String(Math.round(weight * 100) / 100)
}
