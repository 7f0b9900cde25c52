// How the words of a query place one document: the lexical branch read to its end, without shortcuts.
import { sqlFiles } from '../../../platform/db/statements.ts'

export interface WordsOfDocumentRow {
  readonly term: string
  /** How often the word stands in the document's best passage, and in how many of its passages. */
  readonly tf: number
  readonly passages: number
  /** Exact; null where the search leaves the document out, or it holds none of the words. The same in every row. */
  readonly rank: number | null
  readonly score: number | null
  /** Documents that have a rank. */
  readonly documents: number
}

/** One row for each word that is looked up, rarest first. Takes what `lexical` takes, and `version_id`. */
export const wordsOfDocument = sqlFiles<Record<string, unknown>, WordsOfDocumentRow>(
  import.meta.url,
  './asked.sql',
  './score-all.sql',
  './words-of-document.sql',
)
