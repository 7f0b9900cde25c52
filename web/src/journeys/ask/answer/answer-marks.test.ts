import { describe, expect, test } from 'vitest'
import { answerMarks, sourceOf } from './answer-marks.ts'
import { checkedOf } from './checked.ts'

const SOURCE = {
  docId: 'd',
  version: 1,
  title: 't',
  page: undefined,
  end: 99,
  quote: 'q',
  state: 'verified' as const,
}
const unsupported = (text: string) => ({ state: 'fabricated' as const, text, n: undefined })

test('each number in square brackets is a citation, several in one too', () => {
  expect(answerMarks('It is so [1]. And so [2, 3] but [x] not.', [])).toEqual([
    { kind: 'citation', start: 9, end: 12, named: [{ n: 1, before: 0 }] },
    {
      kind: 'citation',
      start: 21,
      end: 27,
      named: [
        { n: 2, before: 0 },
        { n: 3, before: 0 },
      ],
    },
  ])
})

test('of several places with one number each mention has its own; of one place all mean it', () => {
  const place = (n: number, start: number) => ({ ...SOURCE, n, start })
  const [first, , second] = answerMarks('“a” [1] “b” [2] “c” [1]', []).flatMap(mark =>
    mark.kind === 'citation' ? mark.named : [],
  )
  const sources = [place(1, 10), place(1, 20), place(2, 30)]
  expect([first, second].map(named => named && sourceOf(sources, named)?.start)).toEqual([10, 20])
  expect(second && sourceOf([place(1, 10)], second)?.start).toBe(10)
  expect(second && sourceOf([], second)).toBeUndefined()
})

test('what no document supports is marked where it stands, line by line', () => {
  const text = 'He says “by pigeon” [1].\n\n> one line\n> another'
  const marks = answerMarks(text, [unsupported('by pigeon'), unsupported('one line\nanother')])
  expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual([
    'by pigeon',
    '[1]',
    'one line',
    'another',
  ])
})

test('a citation is never within another mark', () => {
  expect(answerMarks('see [9] there', [unsupported('[9]'), unsupported('see [9]')])).toEqual([
    { kind: 'citation', start: 4, end: 7, named: [{ n: 9, before: 0 }] },
  ])
})

describe('what a task says of its citations', () => {
  const PLACE = {
    n: 1,
    doc_id: 'd',
    document_version: 2,
    start: 3,
    end: 9,
    title: 'T',
    quote: 'q',
    content: 'c',
  }
  const artifact = (id: string, data: unknown) => ({
    artifact_id: id,
    name: id,
    parts: [{ data: data as never }],
  })

  test('until they are checked, its passages are sources that are not', () => {
    const { verified, sources } = checkedOf([artifact('passages', { passages: [PLACE] })])
    expect(verified).toBeUndefined()
    expect(sources).toMatchObject([{ n: 1, version: 2, quote: 'c', state: 'checking' }])
  })

  test('only what is said to be verified is', () => {
    const citations = [
      { ...PLACE, verified: true },
      { ...PLACE, n: 2, verified: true, problem: 'moved' },
      { ...PLACE, n: 3, verified: 'true' },
      { ...PLACE, n: 4, verified: false, problem: 'of a newer server' },
    ]
    const { verified, sources } = checkedOf([
      artifact('citations', { verified: 'yes', citations, unsupported: [] }),
    ])
    expect(verified).toBe(false)
    expect(sources.map(({ state }) => state)).toEqual(['verified', 'moved', 'unknown', 'unknown'])
  })

  test('data of another shape shows nothing and breaks nothing', () => {
    for (const data of [null, 'x', [], { citations: 'x', unsupported: [1] }, { citations: [{ n: -1 }] }])
      expect(checkedOf([artifact('citations', data)]).sources).toEqual([])
  })
})
