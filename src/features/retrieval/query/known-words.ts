// Which words of a query the tenant's documents hold, how common they are, and which ones nobody has written.
import { kept, sqlFiles } from '../../../platform/db/statements.ts'
import { correctableWords } from './correct-query.ts'
import type { Phrase } from './phrase-pattern.ts'

export interface KnownWords {
  /** Of the index, as `indexVersion` answers it. */
  readonly version: string
  /** Whether the tenant has no access list: everyone in it reads everything. */
  readonly isOpen: boolean
  /** Passages of the tenant. */
  readonly passages: number
  /** What the lexical branch looks up, rarest first, and the passages that hold each. */
  readonly terms: string[]
  readonly dfs: number[]
  /** How many words of the query the documents hold; more than the terms when the query was too long. */
  readonly known: number
  /** Words of letters that no document holds, folded, in the query's order; none that is quoted. */
  readonly unknown: string[]
}

type Parameters = { tenant_id: string; query: string; words: string[] }
const statement = sqlFiles<Parameters, KnownWords>(import.meta.url, './known-words.sql')

interface Reading {
  readonly quoted?: readonly Phrase[]
  /** For callers who may not read all: a word is known when a document that they may read holds it. */
  readonly asListed?: boolean
}

/** One row. */
export function knownWords(tenantId: string, query: string, { quoted = [], asListed = false }: Reading = {}) {
  const parameters = { tenant_id: tenantId, query, words: correctableWords(query, quoted) }
  return kept(statement(parameters, asListed ? ['listed'] : []))
}

/** How much a word weighs that so many of so many passages hold (Okapi BM25, never below 0). */
export function idfOf(df: number, passages: number): number {
  return Math.log(1 + (passages - df + 0.5) / (df + 0.5))
}
