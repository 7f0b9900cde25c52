// The lexical branch: the ranking by the words of a query.
import { kept, sqlFiles } from '../../../platform/db/statements.ts'
import type { Phrase } from '../query/phrase-pattern.ts'
import { CANDIDATES, onVectorsOf, type BranchRow, type Narrowing } from './branch-rows.ts'

export interface LexicalRow extends BranchRow {
  /** The words of the query that the chunk holds. */
  readonly terms: string[]
  /** How often each of them stands in it, where that was asked for. */
  readonly tf?: number[]
  /** The part of the score that is owed to citations found to the letter. */
  readonly citation_score?: number
  /** Whether the vector branch could have found the document at all. */
  readonly has_vector: boolean
}

export interface LexicalOptions extends Narrowing {
  /** Passages that hold one of these to the letter come first. */
  readonly citations?: readonly Phrase[]
  /** Terms that stand for words which were typed in another way; they weigh less. */
  readonly doubtful?: readonly string[]
  /** How many documents have to be right to the last place; all candidates when left out. */
  readonly exact?: number
  /** Passages of the tenant, as far as is known. */
  readonly passages?: number | undefined
  /** Whether to say how often each word stands in a passage. */
  readonly withTf?: boolean
}

/**
 * From here on postings of common words are left unread where that changes nothing. Below, reading them takes less
 * than planning not to.
 */
const LARGE = 8_000

const READ_ALL = sqlFiles<Record<string, unknown>, LexicalRow>(
  import.meta.url,
  './asked.sql',
  './score-all.sql',
  './best-passages.sql',
)
const READ_PROMISING = sqlFiles<Record<string, unknown>, LexicalRow>(
  import.meta.url,
  './asked.sql',
  './score-promising.sql',
  './best-passages.sql',
)

/** The parts of a search without filter, quotation or the like. */
const PLAIN = new Set(['vectors', 'blind', 'tf'])

/** An empty query asks for nothing. */
export function lexical(tenantId: string, query: string, options: LexicalOptions = {}) {
  const { model, conditions = null, phrases = [], excluded = [], citations = [], doubtful = [] } = options
  const { candidates = CANDIDATES, exact = candidates, passages = 0, withTf = false } = options
  const parts = {
    conditions: conditions !== null,
    phrases: phrases.length > 0,
    excluded: excluded.length > 0,
    citations: citations.length > 0,
    doubtful: doubtful.length > 0,
    tf: withTf,
    vectors: model !== undefined,
    blind: model === undefined,
  }
  const parameters = {
    tenant_id: tenantId,
    query,
    candidates,
    exact: Math.min(exact, candidates),
    conditions,
    phrases: JSON.stringify(phrases),
    excluded: JSON.stringify(excluded),
    citations: JSON.stringify(citations),
    doubtful,
  }
  const read = passages >= LARGE ? READ_PROMISING : READ_ALL
  const asked = Object.entries(parts).flatMap(([part, isAsked]) => (isAsked ? [part] : []))
  const statement = onVectorsOf(model ?? 1, read(parameters, asked))
  return asked.every(part => PLAIN.has(part)) ? kept(statement) : statement
}
