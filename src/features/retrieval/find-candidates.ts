// What words and vectors find for a question, each for itself: one exchange with the database, two more when a word of
// the query is misspelled.
import type { ReadCall } from '../../gate/call.ts'
import { meteredEmbedder } from '../../gate/money/metered/metered-embedder.ts'
import { readsOf } from '../../gate/roles.ts'
import { fault } from '../../platform/faults.ts'
import { lexical, type LexicalRow } from './branches/lexical.ts'
import { nearest, preferIndex } from './branches/nearest.ts'
import type { BranchRow } from './branches/branch-rows.ts'
import type { CorpusSizes } from './corpus-sizes.ts'
import { embedQuery, type EmbeddedQuery, type SearchModel } from './embed/embed-query.ts'
import type { QueryVectors } from './embed/query-vectors.ts'
import { corrected, nearestWords, type Correction } from './query/correct-query.ts'
import { knownWords, type KnownWords } from './query/known-words.ts'
import type { ReadQuery } from './query/read-query.ts'
import type { Weights } from './ranking/fuse.ts'

export interface FindingDeps {
  /** The model that answers searches now; asked once a search. */
  readonly servingModel: () => Promise<SearchModel>
  /** How long a search waits for its vector; 300 ms by default. */
  readonly embedWithinMs?: number
  /** The vectors of queries that were asked before; left out, every query is embedded anew. */
  readonly queryVectors?: QueryVectors | undefined
  readonly sizes: CorpusSizes
}

export interface Wanted {
  readonly query: ReadQuery
  /** 0 for a branch that is not asked. */
  readonly weights: Weights
  /** As `conditionsOf` writes the filter. */
  readonly conditions: string | null
  /** Documents of each branch at most, and how many of them have to be right to the last place. */
  readonly candidates: number
  readonly exact: number
  /** Whether to say how often each word stands in a passage. */
  readonly withTf?: boolean
}

export interface Candidates extends EmbeddedQuery {
  /** The number of the model whose vectors were asked for. */
  readonly model?: number
  /** What words were looked up in: the query's text, its misspelled words corrected. */
  readonly text: string
  readonly words: Pick<KnownWords, 'terms' | 'dfs' | 'known' | 'passages'>
  /** Terms of corrected words, which weigh less. */
  readonly doubtful: readonly string[]
  readonly byWords: readonly LexicalRow[]
  readonly byVector: readonly BranchRow[]
  readonly corrections: readonly Correction[]
  /** The index version that this is true of, or an older one; and whether the tenant had no access list then. */
  readonly version: string
  readonly isOpen: boolean
}

type Caller = Pick<ReadCall, 'principal' | 'readBatch' | 'signal' | 'spend'>

export async function findCandidates(call: Caller, deps: FindingDeps, wanted: Wanted): Promise<Candidates> {
  const { tenantId } = call.principal
  const { query, conditions, candidates } = wanted
  const { phrases, excluded } = query
  const model = wanted.weights.vector > 0 ? await deps.servingModel() : undefined
  // Before the transaction: nothing may wait for a model while it holds a connection.
  const embedded = await embeddedBy(call, deps, model, wanted)
  const { vector } = embedded
  const narrowing = { conditions, phrases, excluded, candidates, ...(model && { model: model.number }) }
  const text = embedded.weights.bm25 > 0 ? query.text : ''
  const byWordsOf = (words: string, doubtful: readonly string[] = []) =>
    lexical(tenantId, words, {
      ...narrowing,
      citations: query.citations,
      doubtful,
      exact: wanted.exact,
      withTf: wanted.withTf ?? false,
      passages: deps.sizes.of(tenantId)?.passages,
    })
  // Where there are access lists, a word that only closed documents hold is one that nobody has written.
  const isListed = readsOf(call.principal) === 'listed'
  const asListed = isListed && deps.sizes.of(tenantId)?.isOpen === false
  const forWords = [knownWords(tenantId, text, { quoted: phrases, asListed }), byWordsOf(text)] as const
  const forVector = () =>
    [preferIndex(), nearest(tenantId, vector, { ...narrowing, model: model?.number ?? 1 })] as const
  const [[first], byWords, , byVector] =
    vector === null
      ? ([...(await call.readBatch(forWords)), [], []] as const)
      : await call.readBatch([...forWords, ...forVector()])
  if (first === undefined) throw fault('internal', { detail: 'a query of words answers one row' })
  deps.sizes.note(tenantId, first)
  const { version, isOpen } = first
  const words = isListed && !isOpen && !asListed ? await readableWords(call, text, phrases) : first
  const found = {
    ...embedded,
    ...(model && { model: model.number }),
    text,
    words,
    doubtful: [],
    byWords,
    byVector,
    version,
    isOpen,
    corrections: [],
  }
  if (words.unknown.length === 0) return found
  const [near] = await call.readBatch([nearestWords(tenantId, words.unknown, isListed && !isOpen)])
  const { text: mended, corrections, terms: doubtful } = corrected(text, near)
  if (corrections.length === 0) return found
  const [[mendedWords], byMended] = await call.readBatch([
    knownWords(tenantId, mended, { quoted: phrases, asListed: isListed && !isOpen }),
    byWordsOf(mended, doubtful),
  ])
  // When the documents changed in between, only what was found for the query as typed is of one state of theirs.
  if (mendedWords?.version !== version) return found
  return { ...found, text: mended, words: mendedWords, doubtful, byWords: byMended, corrections }
}

/** For a search that took its tenant for one without access lists. */
async function readableWords(
  { principal, readBatch }: Caller,
  text: string,
  quoted: ReadQuery['phrases'],
): Promise<KnownWords> {
  const [[words]] = await readBatch([knownWords(principal.tenantId, text, { quoted, asListed: true })])
  if (words === undefined) throw fault('internal', { detail: 'a query of words answers one row' })
  return words
}

async function embeddedBy(
  call: Caller,
  { embedWithinMs = 300, queryVectors }: FindingDeps,
  model: SearchModel | undefined,
  { query, weights }: Wanted,
): Promise<EmbeddedQuery> {
  if (model === undefined || query.text.trim() === '') return { vector: null, weights }
  const { tenantId } = call.principal
  // Of those who ask for the same vector at once, the first pays; a vector that is kept costs nobody anything.
  const embedder = meteredEmbedder(model.embedder, call.spend, 'embed_query')
  return embedQuery(
    { ...model, embedder },
    {
      query: query.text,
      weights,
      withinMs: embedWithinMs,
      signal: call.signal,
      ...(queryVectors && { vectorOf: (...of) => queryVectors(tenantId, ...of) }),
    },
  )
}
