import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fuse, type RankedByWords } from './fuse.ts'
import { weigh } from './weigh.ts'

const ids = fc.uniqueArray(
  fc.integer({ min: 0, max: 80 }).map(id => `doc-${String(id).padStart(2, '0')}`),
  { maxLength: 50 },
)
const ranked = ids.map(list =>
  list.map((document_id, at): RankedByWords => ({ document_id, rank: at + 1, has_vector: true })),
)
const weights = fc
  .tuple(fc.double({ min: 0, max: 1_000, noNaN: true }), fc.double({ min: 0, max: 1_000, noNaN: true }))
  .map(([a, b]) => weigh(a, b))

const row = (document_id: string, rank: number, has_vector = true): RankedByWords => ({
  document_id,
  rank,
  has_vector,
})
const order = (list: readonly { documentId: string }[]) => list.map(({ documentId }) => documentId)

test('words count in full where a citation stands to the letter: vectors do not tell Article 17 from Article 33', () => {
  const cited = { ...row('cited', 1), citation_score: 2.5 }
  const uncited = { ...row('uncited', 2), citation_score: 0 }
  const vectors = [row('uncited', 1), row('cited', 30)]
  const fused = fuse([cited, uncited], vectors, { bm25: 0.5, vector: 0.5 })
  expect(order(fused)).toEqual(['cited', 'uncited'])
  expect(fused.map(({ lexical }) => lexical?.contribution)).toEqual([1 / 61, 0.5 / 62])
})

describe('any two rankings', () => {
  test('every document of either is in the fusion, once', () => {
    fc.assert(
      fc.property(ranked, ranked, weights, (a, b, w) => {
        expect(order(fuse(a, b, w)).sort()).toEqual(
          [...new Set([...a, ...b].map(found => found.document_id))].sort(),
        )
      }),
    )
  })
  test('the score is the sum of the contributions, and the fusion is sorted by it, ties by id', () => {
    fc.assert(
      fc.property(ranked, ranked, weights, (a, b, w) => {
        const fused = fuse(a, b, w)
        for (const { score, lexical, vector } of fused) {
          expect(score).toBe((lexical?.contribution ?? 0) + (vector?.contribution ?? 0))
        }
        for (const [at, next] of fused.slice(1).entries()) {
          const before = fused[at]!
          expect(
            before.score > next.score || (before.score === next.score && before.documentId < next.documentId),
          ).toBe(true)
        }
      }),
    )
  })
  test('who is ahead in both is ahead in the fusion, whatever the weights', () => {
    fc.assert(
      fc.property(ranked, ranked, weights, (a, b, w) => {
        const scores = new Map(fuse(a, b, w).map(({ documentId, score }) => [documentId, score]))
        const rankIn = (list: readonly RankedByWords[]) =>
          new Map(list.map(found => [found.document_id, found.rank]))
        const [ranksA, ranksB] = [rankIn(a), rankIn(b)]
        const inBoth = [...ranksA.keys()].filter(id => ranksB.has(id))
        for (const one of inBoth) {
          for (const other of inBoth) {
            if (ranksA.get(one)! < ranksA.get(other)! && ranksB.get(one)! < ranksB.get(other)!) {
              expect(scores.get(one)!).toBeGreaterThan(scores.get(other)!)
            }
          }
        }
      }),
    )
  })
  test('all weight on one branch gives its order', () => {
    fc.assert(
      fc.property(ranked, ranked, (a, b) => {
        expect(order(fuse(a, b, { bm25: 1, vector: 0 })).slice(0, a.length)).toEqual(
          a.map(found => found.document_id),
        )
        expect(order(fuse(a, b, { bm25: 0, vector: 1 })).slice(0, b.length)).toEqual(
          b.map(found => found.document_id),
        )
      }),
    )
  })
  test('the order in which rows arrive changes nothing', () => {
    fc.assert(
      fc.property(ranked, ranked, weights, (a, b, w) => {
        expect(fuse(a.toReversed(), b.toReversed(), w)).toEqual(fuse(a, b, w))
      }),
    )
  })
})

test('a contribution is weight / (60 + rank)', () => {
  expect(fuse([row('a', 1)], [row('a', 4)], { bm25: 0.6, vector: 0.4 })).toMatchObject([
    {
      documentId: 'a',
      score: 0.6 / 61 + 0.4 / 64,
      lexical: { contribution: 0.6 / 61 },
      vector: { contribution: 0.4 / 64 },
    },
  ])
})
test('a branch that did not find the document is absent', () => {
  const [first, second] = fuse([row('a', 1)], [row('b', 2)], weigh())
  expect(first).not.toHaveProperty('vector')
  expect(second).not.toHaveProperty('lexical')
})
test('the best document by words stays first when it has no vector and the others have', () => {
  const others = ['b', 'c', 'd']
  const byWords = [row('a', 1, false), ...others.map((id, at) => row(id, at + 2))]
  expect(
    order(
      fuse(
        byWords,
        others.map((id, at) => row(id, at + 1)),
        weigh(),
      ),
    )[0],
  ).toBe('a')
})

describe('weights', () => {
  test('none given, or both 0: a half each', () => {
    expect(weigh()).toEqual({ bm25: 0.5, vector: 0.5 })
    expect(weigh(0, 0)).toEqual({ bm25: 0.5, vector: 0.5 })
  })
  test('they are scaled to the sum of 1', () => {
    expect(weigh(3, 1)).toEqual({ bm25: 0.75, vector: 0.25 })
  })
  test('one alone takes all', () => {
    expect(weigh(0.2)).toEqual({ bm25: 1, vector: 0 })
    expect(weigh(undefined, 5e-324)).toEqual({ bm25: 0, vector: 1 })
  })
})
