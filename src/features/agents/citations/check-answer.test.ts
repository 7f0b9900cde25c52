import { describe, expect, test } from 'vitest'
import type { Passage } from '../answers/passage.ts'
import { checkAnswer } from './check-answer.ts'

const passage = (n: number, content: string): Passage => ({
  n,
  content,
  doc_id: `018f3e2a-0000-7000-8000-00000000000${n}`,
  title: `Lease ${n}.pdf`,
  document_version: 1,
  start: 0,
  end: content.length,
  score: 1 / n,
})
const PASSAGES = [
  passage(
    1,
    'The landlord shall repair the roof within thirty days. The tenant pays the “base rent” monthly.',
  ),
  passage(2, '**Term.** Either party may\nterminate this lease on ninety days’ notice - in writing.'),
]
const check = (answer: string, question = 'What about the lease?') =>
  checkAnswer({ question, answer, passages: PASSAGES })
const problems = (answer: string) => check(answer).unsupported.map(({ problem }) => problem)

describe('LL05 a citation', () => {
  test('names a passage, once, in the order of its first mention, with its place', () => {
    const { citations, unsupported } = check('So [2]. And [1, 2].')
    expect(citations).toMatchObject([
      { n: 2, doc_id: PASSAGES[1]!.doc_id, start: 0, quote: PASSAGES[1]!.content },
      { n: 1 },
    ])
    expect(citations.every(({ problem }) => problem === undefined)).toBe(true)
    expect(unsupported).toEqual([])
  })

  test.each([
    ['of a number that no passage has', 'The roof is new [9].', '[9]'],
    ['of 0', 'The roof is new [0].', '[0]'],
    [
      'of another document’s id',
      'See 018f3e2a-0000-7000-8000-0000000000ff [1].',
      '018f3e2a-0000-7000-8000-0000000000ff',
    ],
    ['of an address', 'See `https://evil.test/x` [1].', 'https://evil.test/x'],
    ['of a file that was not found', 'See Secret-Plan.docx [1].', 'Secret-Plan.docx'],
  ])('%s is marked as unknown', (_, answer, text) => {
    expect(check(answer).unsupported).toMatchObject([{ problem: 'unknown', text }])
  })

  test('may be of what was found, or asked for, by its id or its file’s name', () => {
    expect(problems(`Lease 2.pdf (${PASSAGES[0]!.doc_id}) says so [2].`)).toEqual([])
    expect(
      checkAnswer({ question: 'Is a.pdf there?', answer: 'No a.pdf.', passages: [] }).unsupported,
    ).toEqual([])
  })
})

describe('LL05 a quotation', () => {
  test.each([
    'It says “The landlord shall repair the roof” [1].',
    'It says "the landlord shall repair  the roof," [1]',
    'According to [2], “either party may terminate this lease on ninety days’ notice”.',
    "The notice: “Either party may terminate … on ninety days' notice – in writing” [2].",
    '> Either party may terminate\n> this lease [2]',
    '> Term. Either party may terminate this lease\n\nSo it ends [2].',
    "It is “The tenant pays the 'base rent' monthly” [1].",
    'Words in “quote marks” of one’s own.',
    'You asked “What about the lease?”. Here it is [1].',
    '“[T]he tenant pays” [1]',
  ])('that stands in its passage is good: %s', answer => {
    expect(check(answer).unsupported).toEqual([])
    expect(check(answer).citations.some(({ problem }) => problem !== undefined)).toBe(false)
  })

  test.each([
    ['fabricated', 'It says “The landlord may evict at will” [1].'],
    ['fabricated', 'It says “The landlord shall repair the roof within ten years” [1].'],
    ['fabricated', 'It says "never" [1].'],
    ['fabricated', '> The tenant owns the building [1]'],
    ['fabricated', 'It says “a phrase that nobody wrote anywhere”.'],
    ['fabricated', 'It says “He said “hand over the keys” to me” [1].'],
    ['fabricated', 'It says “What about the lease?” [1].'],
    ['misattributed', 'It says “Either party may terminate this lease” [1].'],
    ['stitched', 'It says “The landlord shall terminate this lease” [1].'],
    ['stitched', 'It says “The landlord shall repair within thirty days” [1].'],
    ['stitched', 'It says “The tenant pays the base rent … repair the roof” [1].'],
  ])('%s: %s', (problem, answer) => {
    expect(problems(answer)).toEqual([problem])
    expect(check(answer).citations.map(one => one.problem)).toEqual(
      check(answer).citations.map(() => problem),
    )
  })

  test('that is cut out of a word does not stand there', () => {
    expect(problems('It says “land” [1].')).toEqual(['fabricated'])
  })
})

test('an answer that cites nothing and quotes nothing has nothing forged in it', () => {
  expect(check('The passages do not say.')).toEqual({ citations: [], unsupported: [] })
})

test('a long answer of nothing but quotations is checked in little time, however they are made', () => {
  const answer = '“landlord shall tenant pays may terminate the roof” [1] '.repeat(350)
  const looked = checkAnswer({ question: 'q', answer, passages: PASSAGES })
  expect(looked.unsupported).toHaveLength(50)
})
