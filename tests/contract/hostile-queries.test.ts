// Whatever is typed is a query: through both searches, with an answer or the one documented refusal (a blank query),
// never the text of a statement or a stack, and the database answers the next query as before. What search.test.ts
// ("any text is a query") and query-language.test.ts have is not here again.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operations as retrieval } from '../../src/features/retrieval/operations.ts'
import type { SearchAnswer } from '../../src/features/retrieval/search-answer.ts'
import { Fault } from '../../src/platform/faults.ts'
import { openTestDatabase, type TestDatabase } from '../harness/database.ts'
import { embedAll, publishText, servingModelOf } from '../harness/publish.ts'
import { callerOf, type Ask } from '../harness/tenant-caller.ts'

let db: TestDatabase
let ask: Ask
let before: SearchAnswer

beforeAll(async () => {
  db = await openTestDatabase()
  const tenant = await db.createTenant()
  ask = callerOf(db.database, retrieval({ servingModel: servingModelOf() }), tenant)
  const texts = [
    [
      'Breach',
      'A data breach is told within 72 hours, to be or not to be: Article 33, Rule 10b-5, INV-2024-0042.',
    ],
    ['Signs', '100% of a_b and a%b, C++ and C#, \\d+ (x|y) [z] {n} ^$ .* ? 👩‍👩‍👧‍👦 e\u0301 שלום עולם'],
    ['German', 'Die Häuser der Stadt haben einen Garten, und das ist nicht weit von hier.'],
    ['Plain', 'axb and acb are words as well; so is fifty.'],
  ] as const
  for (const [title, content] of texts)
    await publishText(db.database, tenant, {
      title,
      content,
      language: title === 'German' ? 'german' : 'english',
    })
  await embedAll(db.database, tenant)
  before = await normal()
})
afterAll(() => db.close())

const normal = () => ask<SearchAnswer>('hybrid_search', { query: 'data breach' })
/** What no hit says: no document holds it. */
const INSIDES = /\b(?:app\.|tsquery|syntax error|SQLSTATE|pg_catalog|lateral)|\n\s+at |node_modules/

/** An answer, or the documented refusal of a blank query. Anything else fails. */
async function outcome(operation: string, query: string): Promise<'answered' | 'refused'> {
  try {
    const { hits, degraded = '' } = await ask<SearchAnswer>(operation, { query })
    expect(JSON.stringify([hits, degraded])).not.toMatch(INSIDES)
    return 'answered'
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    expect([error.code, error.say]).toEqual(['invalid_input', 'query must not be blank'])
    return 'refused'
  }
}

async function outcomes(query: string) {
  return [await outcome('search_documents', query), await outcome('hybrid_search', query)]
}

const distinctLetters = Array.from({ length: 5_000 }, (_, at) => String.fromCharCode(0x4e00 + at))
const phrases = (count: number, of: string) => Array.from({ length: count }, () => of).join(' ')

test.each([
  ['5,000 different words', distinctLetters.join(' ').slice(0, 10_000)],
  [
    '2,000 unknown words',
    Array.from({ length: 2_000 }, (_, at) => at.toString(36).padStart(4, 'q')).join(' '),
  ],
  ['64 misspelled words', phrases(64, 'braech hotel gardan')],
  ...Array.from('"-([{)]}<>&|!:*\\\'`.,;/@#$%^~?+=_§').map(sign => [`10,000 × ${sign}`, sign.repeat(10_000)]),
  ['10,000 minus words', '-a '.repeat(3_333)],
  ['10,000 characters of v.', 'a v. '.repeat(2_000)],
  ['10,000 characters of articles', 'Article 1 '.repeat(1_000)],
  ['10,000 characters of one identifier', '1-'.repeat(5_000)],
  ['a name of 10,000 parts', 'Article 1(1)(1)(1)'.padEnd(10_000, '(1)')],
  ['quotes in quotes', `${'"'.repeat(4_997)}breach${'"'.repeat(4_997)}`],
  ['quotes that never close', '"data breach'],
  ['a quote that opens at the end', 'data breach "'],
  ['twenty phrases', phrases(20, '"data breach"')],
  ['twenty excluded phrases', phrases(20, '-"data breach"')],
  ['phrases of stop words', phrases(8, '"to be" "the of and"')],
  ['excluded stop words', '-the -of -"to be or not"'],
  ['only exclusions', '-breach -"72 hours"'],
  ['the same word asked for and excluded', 'breach -breach'],
  ['a phrase of 1,500 words', `"${'data breach '.repeat(750)}"`],
  ['an empty phrase', '"" ""'],
  ['only stop words', 'to be or not to be'],
  ['SQL', `'; drop table app.document; select pg_sleep(60); --`],
  ['SQL in a phrase', `"'); delete from app.chunk where ('1'='1" -"$$ $1 :tenant_id"`],
  ['SQL comments and casts', `/* */ x::regclass --? phrases\n--? excluded :query`],
  ['operators of tsquery', `a & b | !c <-> d:* <2> 'e':A (f`],
  ['regular expressions', '"(a+)+$" "[[:alnum:]]{1,999}" "\\\\m.*\\\\M" "(?=x)" "***=a"'],
  ['a phrase of signs', '"()[]{}|\\\\^$" breach'],
  ['right to left', '\u202eשלום "עולם" -مرحبا\u202c'],
  ['zero width', 'da\u200bta bre\u200dach \ufeff'],
  ['combining marks', `bre\u0301ach ${'e' + '\u0301'.repeat(5_000)}`],
  ['emoji', '👩‍👩‍👧‍👦 "👩‍👩‍👧‍👦" -👍🏽 🇩🇪'],
  ['half of a pair', 'breach \ud83d "\udc69 x" -\ud800a'],
  ['NUL', 'da\0ta "bre\0ach" -\0x'],
  ['all planes', '\u{10ffff}\u{1f600}\u{20000} \ufffe\uffff'],
  ['control characters', '\u0001\u0008\u001b[31m breach \r\n\t'],
  ['JSON', '{"query":{"$ne":null},"tenant_id":"*"}'],
  ['paths and markup', '../../etc/passwd <script>alert(1)</script> {{7*7}}'],
] as [string, string][])('%s', async (_, query) => {
  expect(await outcomes(query)).toEqual(['answered', 'answered'])
  expect(await normal()).toEqual(before)
})

test.each([
  ['spaces of all kinds', ' \u00a0\u2003\u3000\t\n'],
  ['NUL alone', '\0\0'],
] as const)('blank is refused in words: %s', async (_, query) => {
  expect(await outcomes(query)).toEqual(['refused', 'refused'])
  expect(await normal()).toEqual(before)
})

test('IN01 any mixture of signs, quotes, words and characters', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      ' "',
      '“',
      '-',
      ' -"',
      ' v. ',
      '§ ',
      'Article 33(',
      ' 10b-5',
      'braech ',
      'to be ',
      "'",
      '\\',
    ),
    fc.constantFrom('data ', 'breach ', 'Häuser ', '%', '_', '🇩🇪', '\u0301', '\ud800', ':*', '<->', '***='),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 40 }), async pieces => {
      const query = pieces.join('')
      // An empty one is refused before it comes here.
      if (query !== '') await outcomes(query)
    }),
    { numRuns: 120, seed: 33 },
  )
  expect(before.hits[0]?.title).toBe('Breach')
  expect(await normal()).toEqual(before)
})

test('IN04 % and _ are characters, not wildcards (D20)', async () => {
  const words = async (query: string) =>
    (await ask<SearchAnswer>('search_documents', { query })).hits.map(hit => hit.title)
  for (const query of ['%', '_', '%%%', 'fif%', 'f_fty', 'a%', '"f%y"'])
    expect(await words(query)).toEqual([])
  expect(await words('"a_b"')).toEqual(['Signs'])
  expect(await words('fifty')).toEqual(['Plain'])
})
