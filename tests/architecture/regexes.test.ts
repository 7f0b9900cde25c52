// DS08, MC11: no regular expression of ours can be made to hang by the text it is given. Each literal in src is proven
// safe by a checker, or stays linear under attack, or sees only texts as short as is written here.
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { expressionsOf, isProvenSafe, LONG, slowAttack, written, type Literal } from './regex-attacks.ts'

const SRC = join(import.meta.dirname, '../../src')

/** Quadratic, and how long the texts are that they see. Whoever adds a line says where that length comes from. */
const BOUNDED: Readonly<Record<string, { readonly length: number; readonly because: string }>> = {
  '/\\/+$/': { length: 8_192, because: 'an address or path that an operator typed' },
  '/^\\d*\\.?\\d+$/': { length: 8_192, because: 'an argument of a command' },
  '/\\/(api\\/embed|embed|v1(\\/embeddings)?|)\\/*$/': { length: 8_192, because: 'an argument of a command' },
  '/0+$/': { length: 64, because: 'the digits behind the point of an amount of money: 12 at most' },
  '/\\d+$/': { length: 8_192, because: 'a secret of the configuration' },
  '/[^:]*\\.[^:]*$/': { length: 256, because: 'the address of a connection, as Node writes it' },
  '/%.*$/': { length: 256, because: 'the address of a connection, as Node writes it' },
  '/"(?:[^"\\\\]|\\\\.)*"|[{}[\\]:]/g': {
    length: 8_192,
    because: 'the payload of a token: MAX_TOKEN_LENGTH',
  },
  '/[^\\p{L}\\p{M}]+$/u': { length: 10_000, because: 'a query: its schema says 10,000 characters' },
  '/§\\P{L}*$/u': { length: 10_000, because: 'a query: its schema says 10,000 characters' },
  '/eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*|(?<=:\\/\\/[^\\s/:@]*:)[^\\s/@]+(?=@)/g': {
    length: 16_384,
    because: "an error's own words: ours, Node's or the database's, which quote no body",
  },
}

/** `gatehouse attack` reads the answers of the deployment it is run against, which its operator trusts and owns. */
const OF_OWN_ANSWERS = { folder: 'proofs/', length: 4_096 }

/** Expressions that are built of strings, and why they need no attack. */
const BUILDERS: Readonly<Record<string, string>> = {
  'features/documents/parse/readers/csv.ts': 'one class of characters',
  'features/documents/text/clean-text.ts': 'classes of characters',
  'features/retrieval/query/case-names.ts': 'counted repetitions of words of a query',
  'features/retrieval/query/citations.ts': 'counted repetitions, anchored at a number or a letter of a query',
  'gate/money/prices/listed-prices.ts':
    'of the price list that is installed with us, for names of models, which an operator gives',
}

let found: Awaited<ReturnType<typeof expressionsOf>>
let unproven: Literal[]
beforeAll(async () => {
  found = await expressionsOf(SRC)
  unproven = found.literals.filter(literal => !isProvenSafe(new RegExp(literal.source, literal.flags)))
})

test('DS08 MC11 every expression in src is proven safe, or linear under attack, or bounded with a reason', () => {
  expect(found.literals.length).toBeGreaterThan(200)
  const slow = unproven.flatMap(literal => {
    const { length } =
      BOUNDED[written(literal)] ?? (literal.file.startsWith(OF_OWN_ANSWERS.folder) ? OF_OWN_ANSWERS : {})
    const attack = slowAttack(literal, length)
    return attack === undefined ? [] : [`${literal.file} ${written(literal)}: ${attack}`]
  })
  expect(slow).toEqual([])
}, 120_000)

test('DS08 no bound is claimed for an expression that is gone or has become safe', () => {
  const known = new Set(unproven.map(written))
  expect(Object.keys(BOUNDED).filter(expression => !known.has(expression))).toEqual([])
})

test('DS08 expressions built of strings are the ones that were looked at', () => {
  const own = found.builders.filter(file => !file.startsWith(OF_OWN_ANSWERS.folder))
  expect(own).toEqual(Object.keys(BUILDERS).toSorted())
})

describe('what the test is there to find', () => {
  test.each(['(a+)+$', '(a|a)*b', '(.*)(.*)(.*)x', '^\\s+|\\s+$', '\\[[^\\]]*x', '(?:\\{,?\\w*)+\\}!'])(
    'DS08 /%s/ is neither proven nor survives',
    source => {
      expect(isProvenSafe(new RegExp(source))).toBe(false)
      expect(slowAttack({ source, flags: '' }, LONG, 1)).toBeDefined()
    },
  )

  test('DS08 a linear expression that the checker cannot prove survives', () => {
    expect(slowAttack({ source: '^([a-z_]+):\\s*(.*)$', flags: '' })).toBeUndefined()
  })
})
