import { describe, expect, test } from 'vitest'
import { citations } from './citations.ts'

const found = (text: string) => citations(text).map(citation => citation.text)

describe('an article, rule or norm with its number', () => {
  test.each([
    'Article 33',
    'rule 10b-5',
    'RULE 10B-5',
    'Section 4.2.1',
    'sec. 12',
    'art. 6(1)(f)',
    'Art. 6 (1) (f)',
    '§ 1983',
    '§§ 33-35',
    '§33',
    'Artikel 28',
    'artículo 18',
    'Directive 95/46/EC',
    'Form 10-K',
    'item 1A',
    'Case C-311/18',
    'article IV',
    'article iv',
    'Exhibit B',
    'ISO 27001',
    'ISO/IEC 27001:2013',
    'RFC 2616',
    'No. 21-1234',
    'nº 7',
    'Recital 26',
    'Anhang 2',
  ])('%s', text => expect(found(`what does ${text} say`)).toEqual([text]))
  test.each(['article about 33 dogs', 'the rule', '33 rules', 'Case A was lost', 'part of it'])(
    'not in: %s',
    text => expect(found(text)).toEqual([]),
  )
  test('ends before a word and before what is said of it', () => {
    expect(found('Article 33-compliant')).toEqual(['Article 33'])
    expect(found('Article 33 (GDPR)')).toEqual(['Article 33'])
  })
})

describe('a case name', () => {
  test.each([
    ['Smith v. Jones 2024', 'Smith v. Jones'],
    ['what did smith v. jones 2024 say', 'smith v. jones'],
    ['Smith v Jones', 'Smith v. Jones'],
    ['compare Smith vs. Jones', 'Smith v. Jones'],
    ['SMITH VERSUS JONES', 'SMITH v. JONES'],
    ['R -v- Brown', 'R v. Brown'],
    ['A v B', 'A v. B'],
    ["the O'Brien v. Müller-Lüdenscheidt case", "O'Brien v. Müller-Lüdenscheidt"],
    ['united states v. jones', 'united states v. jones'],
    ['In Smith v. New York, what', 'Smith v. New York'],
    ['the Smith v.Jones appeal', 'Smith v. Jones'],
  ])('%s', (text, name) => expect(found(text)).toEqual([name]))
  test.each(['this v. that', '5 v 6', 'v. Jones', 'Smith v.', 'vs', 'v v v', 'version 2 or 3'])(
    'not in: %s',
    text => expect(found(text)).toEqual([]),
  )
  test('does not ask for the year, and stands however the two are set against each other', () => {
    expect(citations('Smith v. Jones 2024')[0]!.pattern).toBe(citations('smith versus jones')[0]!.pattern)
  })
})

describe('an identifier', () => {
  test.each([
    'INV-2024-0042',
    'CVE-2024-1234',
    '10b-5',
    '10b‑5',
    '4.2.1',
    'ISO-27001',
    '2016/679',
    'a_17',
    'il-6',
  ])('%s', text => expect(found(`about ${text}, please`)).toEqual([text]))
  test.each([
    'TNF-alpha',
    '5-year-old',
    'CD4-positive',
    'example.com/2024',
    '3.5',
    '10-20',
    '24/7',
    '10:30',
    'me@h4.org',
  ])('not in: %s', text => expect(found(`about ${text}, please`)).toEqual([]))
})

test('each once, in the order of the query', () => {
  expect(found('INV-1-A, Rule 10b-5 and rule 10B-5 in Smith v. Jones')).toEqual([
    'INV-1-A',
    'Rule 10b-5',
    'Smith v. Jones',
  ])
})
