import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { demoteNearDuplicates } from './near-duplicates.ts'

interface Passage {
  readonly documentId: string
  readonly content: string
}

/** `count` words of which each stands once, and none in a text of another seed. */
const text = (seed: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${seed}${at}`)
const passages = (contents: readonly string[]): Passage[] =>
  contents.map((content, at) => ({ documentId: `doc-${at}`, content }))
const demote = (ranked: readonly Passage[], cap?: number, lookAt?: number) =>
  demoteNearDuplicates(ranked, ({ content }) => content, {
    ...(cap === undefined ? {} : { cap }),
    ...(lookAt === undefined ? {} : { lookAt }),
  })
const ids = (ranked: readonly Passage[]) => ranked.map(({ documentId }) => documentId)
/** Both of them keep their place unless one is like the other. */
const alike = (one: string, other: string): boolean => demote(passages([one, other]), 1).demoted === 1

/** Small alphabet and long texts: near-duplicates come up often. */
const anyText = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.integer({ min: 0, max: 70 }),
    fc.array(fc.nat(69), { maxLength: 8 }),
  )
  .map(([seed, length, changed]) =>
    text(seed, length)
      .map((word, at) => (changed.includes(at) ? 'other' : word))
      .join(' '),
  )
const anyRanking = fc.array(fc.record({ documentId: fc.nat(20).map(String), content: anyText }), {
  maxLength: 30,
})
const caps = fc.integer({ min: 1, max: 5 })

/** The rule as it is said, without a shortcut. */
function similarity(one: string, other: string): number {
  const [a, b] = [one, other].map(content => {
    const words = content.toLowerCase().match(/[a-z0-9]+/g) ?? []
    if (words.length < 40) return undefined
    return new Set(words.slice(2).map((_, at) => words.slice(at, at + 3).join(' ')))
  })
  if (a === undefined || b === undefined) return Number(one !== '' && one === other)
  return a.intersection(b).size / a.union(b).size
}

describe('any ranking', () => {
  test('nothing is lost and nothing is there twice', () => {
    fc.assert(
      fc.property(anyRanking, caps, (ranking, cap) => {
        const { ranked } = demote(ranking, cap)
        expect(new Set(ranked)).toEqual(new Set(ranking))
        expect(ranked).toHaveLength(ranking.length)
        expect(ranked[0]).toBe(ranking[0])
      }),
    )
  })
  test('those that stay keep their order, and so do those that move behind them', () => {
    fc.assert(
      fc.property(anyRanking, caps, (ranking, cap) => {
        const { ranked, demoted } = demote(ranking, cap)
        const places = ranked.map(one => ranking.indexOf(one))
        const isSorted = (list: number[]) => expect(list).toEqual(list.toSorted((a, b) => a - b))
        isSorted(places.slice(0, ranking.length - demoted))
        isSorted(places.slice(ranking.length - demoted))
      }),
    )
  })
  test('the groups are those of comparing each passage with the first of every group', () => {
    fc.assert(
      fc.property(anyRanking, caps, (ranking, cap) => {
        const groups: { first: string; documents: Set<string> }[] = []
        const moved = ranking.filter(({ documentId, content }) => {
          let group = groups.find(({ first }) => similarity(first, content) >= 0.8)
          if (group === undefined) groups.push((group = { first: content, documents: new Set() }))
          if (group.documents.size >= cap && !group.documents.has(documentId)) return true
          group.documents.add(documentId)
          return false
        })
        const { ranked, demoted } = demote(ranking, cap)
        expect(ranked.slice(ranking.length - demoted)).toEqual(moved)
      }),
      { numRuns: 300 },
    )
  })
})

test('of 200 variants with a changed word each, three are among the first ten', () => {
  const words = text('word', 120)
  const variants = Array.from({ length: 200 }, (_, at) => words.with(at % 120, `changed${at}`).join(' '))
  const others = Array.from({ length: 20 }, (_, at) => text(`other${at}x`, 120).join(' '))
  const ranking = passages([...variants.slice(0, 190), ...others, ...variants.slice(190)])
  const { ranked, demoted } = demote(ranking, 3, 220)
  const isVariant = ({ content }: Passage) => content.includes('changed')
  expect(ranked.slice(0, 10).filter(isVariant)).toHaveLength(3)
  expect(ids(ranked.slice(0, 3))).toEqual(['doc-0', 'doc-1', 'doc-2'])
  expect(demoted).toBe(197)
})

test('what lies behind those that are looked at stays before the demoted, in its order', () => {
  const content = text('a', 50).join(' ')
  const { ranked, demoted } = demote(passages([content, content, content, content]), 1, 2)
  expect(ids(ranked)).toEqual(['doc-0', 'doc-2', 'doc-3', 'doc-1'])
  expect(demoted).toBe(1)
})

test('several passages of one document count as one of a group', () => {
  const content = text('a', 50).join(' ')
  const ranking = ['x', 'x', 'x', 'y', 'z'].map(documentId => ({ documentId, content }))
  expect(ids(demote(ranking, 2).ranked)).toEqual(['x', 'x', 'x', 'y', 'z'])
  expect(demote(ranking, 2).demoted).toBe(1)
  expect(demote(ranking, 1).demoted).toBe(2)
})

describe('short passages', () => {
  test('of other words stay, however similar', () => {
    const words = text('a', 39)
    expect(alike(words.join(' '), words.with(38, 'other').join(' '))).toBe(false)
    expect(alike('How do I learn to cook?', 'How do I learn to code?')).toBe(false)
  })
  test('of the same words are one, whatever stands between them', () => {
    expect(alike('How do I learn to cook?', 'how do I LEARN, to cook')).toBe(true)
    expect(alike('ﬁne', 'FINE')).toBe(true)
  })
  test('without a word are like no other', () => {
    expect(alike('—', '…')).toBe(false)
    expect(alike('', '')).toBe(false)
  })
})

test('letters beyond ASCII make words, too', () => {
  const russian = text('слово', 60)
  expect(alike(russian.join(' '), russian.with(5, 'иное').join(', ').toUpperCase())).toBe(true)
  expect(alike(russian.join(' '), text('другое', 60).join(' '))).toBe(false)
  const old = text('𐍈', 60)
  expect(alike(old.join(' '), old.with(5, 'x').join(' '))).toBe(true)
})

test('being like one that is like the first is not being like the first', () => {
  const words = text('a', 100)
  const second = words.with(20, 'x').with(50, 'y').join(' ')
  const third = words.with(20, 'x').with(50, 'y').with(70, 'z').with(85, 'q').join(' ')
  expect(alike(words.join(' '), second)).toBe(true)
  expect(alike(second, third)).toBe(true)
  expect(alike(words.join(' '), third)).toBe(false)
  expect(demote(passages([words.join(' '), second, third]), 1).demoted).toBe(1)
})

test('an overlap of exactly 0.8 is enough, and the next smaller one is not', () => {
  // Two changed words change six runs: 48 of 60 are common, or 47 of 59.
  for (const [count, enough] of [
    [56, true],
    [55, false],
  ] as const) {
    const words = text('a', count)
    expect(alike(words.join(' '), words.with(10, 'x').with(30, 'y').join(' '))).toBe(enough)
  }
})

test('what is like the first of two groups belongs to the earlier one', () => {
  const words = text('a', 100)
  const between = words.with(10, 'p').with(30, 'q')
  const ranking = [words, between.with(50, 'r').with(70, 's'), between, words.with(90, 't')]
  const { ranked, demoted } = demote(passages(ranking.map(one => one.join(' '))), 2)
  expect(demoted).toBe(1)
  expect(ids(ranked)).toEqual(['doc-0', 'doc-1', 'doc-2', 'doc-3'])
})
