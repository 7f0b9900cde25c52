// Why a document is where it is in a search, as a person reads it.
import type { Explanation } from '../../../features/retrieval/explain-search.ts'
import { printable } from '../ingest/report/printable.ts'
import { termText } from './answer-lines.ts'
import { bold, wrapped, type Page } from './layout.ts'

const INDENT = ' '.repeat(12)

export function explanationLines(told: Explanation, page: Page): string[] {
  const { title, document_id, verdict, words, vector, corrections = [], degraded } = told
  const say = (name: string, text: string): string[] =>
    wrapped(printable(text), page, INDENT, `  ${name}`.padEnd(INDENT.length))
  return [
    ...wrapped(printable(title) || 'Untitled', page).map(line => bold(line, page)),
    `id ${document_id}`,
    '',
    ...wrapped(printable(verdict), page),
    '',
    ...(told.place === undefined ? [] : say('place', placeOf(told))),
    ...(words === undefined ? [] : say('words', wordsOf(words))),
    ...(words === undefined || words.missing.length === 0 ? [] : say('lacks', words.missing.join(', '))),
    ...(vector === undefined ? [] : say('likeness', likenessOf(vector))),
    ...corrections.flatMap(({ from, to }) => say('read', `${to} instead of ${from}`)),
    ...(degraded === undefined ? [] : say('degraded', degraded)),
    ...told.reasons
      .filter(({ code }) => code === 'corrected_otherwise')
      .flatMap(reason => say('but', reason.say)),
  ]
}

function placeOf({ place, score = 0, last_shown_score, found }: Explanation): string {
  const last =
    found || last_shown_score === undefined ? '' : `; the last hit shown has ${last_shown_score.toFixed(5)}`
  return `${place ?? '–'}, score ${score.toFixed(5)}${last}`
}

function wordsOf({ rank, score = 0, documents, terms }: NonNullable<Explanation['words']>): string {
  const held = terms.filter(({ tf }) => tf > 0).map(term => termText(term))
  const at = rank === undefined ? 'no rank' : `number ${rank} of ${documents}, BM25 ${score.toFixed(3)}`
  return `${at}: ${held.length === 0 ? 'none of the words looked up' : held.join(' · ')}`
}

function likenessOf(vector: NonNullable<Explanation['vector']>): string {
  const { rank, similarity, documents, passages, passages_pending: pending, has_vector } = vector
  const at = rank === undefined ? 'no rank' : `number ${rank} of ${documents}`
  const cosine = similarity === undefined ? '' : `, cosine ${similarity.toFixed(3)}`
  const waiting = pending === 0 ? '' : `; ${pending} of ${passages} passages wait for a vector`
  return `${at}${cosine}${has_vector ? '' : ', no vector'}${waiting}`
}
