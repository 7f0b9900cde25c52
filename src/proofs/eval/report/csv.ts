// The figures of every query and mode, for a spreadsheet (RFC 4180).
import { MODES } from '../figures/score.ts'
import type { Evaluation } from './evaluation.ts'

const COLUMNS = [
  'query_id',
  'query',
  'mode',
  'ndcg_at_10',
  'recall_at_100',
  'mrr_at_10',
  'relevant',
  'hits',
  'milliseconds',
]
/** A spreadsheet would run a text that begins so as a formula. */
const FORMULA = /^[\s]*[=+\-@\t\r]/

export function csvOf({ figures }: Pick<Evaluation, 'figures'>): string {
  const rows = figures.queries.flatMap(({ query, milliseconds, relevant, modes }) =>
    MODES.map(mode => {
      const { ndcg, recall, reciprocalRank, hits } = modes[mode]
      const numbers = [ndcg, recall, reciprocalRank, relevant, hits, milliseconds]
      return [text(query.id), text(query.text), mode, ...numbers.map(digits)]
    }),
  )
  return [COLUMNS, ...rows].map(row => `${row.join(',')}\r\n`).join('')
}

/** Always quoted; what could be a formula gets an apostrophe, which makes it a text. */
function text(value: string): string {
  return `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
}

function digits(value: number): string {
  return String(Number(value.toFixed(6)))
}
