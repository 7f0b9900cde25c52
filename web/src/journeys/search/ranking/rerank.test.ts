import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fused, Weights } from '../../../../../src/features/retrieval/ranking/fuse.ts'
import { rank } from '../../../../../src/features/retrieval/ranking/rank.ts'
import { shownRow } from '../../../../../src/features/retrieval/ranking/shown-row.ts'
import { weigh } from '../../../../../src/features/retrieval/ranking/weigh.ts'
import type { SearchHit } from '../hits/search-hit.ts'
import { BY_LIKENESS, BY_WORDS, CANDIDATES, rerank } from './rerank.ts'

interface LikenessRow {
  readonly document_id: string
  readonly rank: number
  readonly score: number
  readonly content: string
}

interface WordRow extends LikenessRow {
  readonly has_vector: boolean
  readonly citation_score: number
}

interface Found {
  readonly byWords: readonly WordRow[]
  readonly byVector: readonly LikenessRow[]
}

const passage = (id: string, place: number, branch: string): LikenessRow => ({
  rank: place + 1,
  score: 1 / (place + 1),
  document_id: id,
  content: `passage ${branch} of ${id}`,
})

const ids = fc.uniqueArray(
  fc.integer({ min: 0, max: 80 }).map(id => `doc-${String(id).padStart(2, '0')}`),
  { maxLength: CANDIDATES },
)
const found = fc
  .record({ words: ids, likeness: ids, blind: ids, cited: ids })
  .map(({ words, likeness, blind, cited }): Found => {
    const near = new Set(likeness)
    return {
      byWords: words.map((id, place) => ({
        ...passage(id, place, 'words'),
        has_vector: near.has(id) || !blind.includes(id),
        citation_score: cited.includes(id) ? 2 : 0,
      })),
      byVector: likeness.map((id, place) => passage(id, place, 'likeness')),
    }
  })

/** What the server answers: a branch of no weight is not asked, and then no document has a vector. */
function answered({ byWords, byVector }: Found, weights: Weights, limit: number): SearchHit[] {
  const asked = {
    byWords:
      weights.bm25 === 0
        ? []
        : byWords.map(row => ({ ...row, has_vector: weights.vector > 0 && row.has_vector })),
    byVector: weights.vector === 0 ? [] : byVector,
    weights,
  }
  return rank(asked, limit).hits.map(fused => hitOf(fused, weights))
}

/** As ranking/explain.ts of the server tells it. */
function hitOf(fused: Fused<WordRow, LikenessRow>, weights: Weights): SearchHit {
  const { lexical, vector } = fused
  const said = ({ row, contribution }: { readonly row: LikenessRow; readonly contribution: number }) => ({
    rank: row.rank,
    score: row.score,
    contribution,
  })
  return {
    doc_id: fused.documentId,
    title: fused.documentId,
    content: shownRow(fused).content,
    tenant_id: 't',
    bm25_score: lexical?.row.score ?? 0,
    vector_score: vector?.row.score ?? 0,
    score: fused.score,
    document_version: 1,
    chunk_start: 0,
    chunk_end: 9,
    heading: '',
    highlights: [],
    explanation: {
      ...(lexical && {
        lexical: {
          ...said(lexical),
          terms: ['pike'],
          ...(lexical.row.citation_score > 0 && { citation_score: lexical.row.citation_score }),
        },
      }),
      ...(vector && { vector: said(vector) }),
      ...(lexical?.row.has_vector === false && weights.vector > 0 ? { no_vector: true } : {}),
    },
  }
}

test('the page ranks as the server does, whatever the weights and the limit', () => {
  fc.assert(
    fc.property(
      found,
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom(10, 20, 50),
      (documents, words, limit) => {
        const branches = {
          words: answered(documents, weigh(BY_WORDS.bm25_weight, BY_WORDS.vector_weight), CANDIDATES),
          likeness: answered(
            documents,
            weigh(BY_LIKENESS.bm25_weight, BY_LIKENESS.vector_weight),
            CANDIDATES,
          ),
        }
        const weights = weigh(words / 100, 1 - words / 100)
        expect(rerank(branches, words, limit)).toEqual(answered(documents, weights, limit))
      },
    ),
  )
})
