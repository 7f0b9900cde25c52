import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candidateWords, pieces, wordAt } from './matched-words.ts'

const textsOf = (content: string) => pieces(content).map(({ start, end }) => content.slice(start, end))
const runsOf = (content: string) =>
  pieces(content).map(({ runs }) => runs.map(({ start, end }) => content.slice(start, end)))

describe('pieces', () => {
  test('are what stands between spaces, slashes and underscores, without the signs around it', () => {
    expect(textsOf('(See “example.com”, and/or snake_case…)')).toEqual([
      'See',
      'example.com',
      'and',
      'or',
      'snake',
      'case',
    ])
  })
  test('have their runs of letters and digits', () => {
    expect(runsOf("don't l’eau data-driven 4.2.1")).toEqual([
      ['don', 't'],
      ['l', 'eau'],
      ['data', 'driven'],
      ['4', '2', '1'],
    ])
  })
  test('keep combining marks, ligatures, and letters of two code units', () => {
    expect(textsOf('Ha\u0308user ﬁnd ＡＢＣ １２ 𐍈𐍈 😀 हिन्दी')).toEqual([
      'Ha\u0308user',
      'ﬁnd',
      'ＡＢＣ',
      '１２',
      '𐍈𐍈',
      'हिन्दी',
    ])
  })
  test('begin with the plus of a number and the tilde of a file, and with no other sign', () => {
    expect(textsOf('+49 (+7) +x ~y -5 c+')).toEqual(['+49', '+7', 'x', '~y', '5', 'c'])
  })
  test('that are very long are taken run by run', () => {
    const long = Array.from({ length: 60 }, () => 'word.5').join('.')
    expect(new Set(textsOf(long))).toEqual(new Set(['word', '5']))
    expect(textsOf(`${'x'.repeat(300)} y`)).toEqual(['y'])
  })
  test('of any text are in order, apart, and hold their runs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), content => {
        let end = 0
        for (const piece of pieces(content)) {
          expect(piece.start).toBeGreaterThanOrEqual(end)
          end = piece.start
          for (const run of piece.runs) {
            expect(run.start).toBeGreaterThanOrEqual(end)
            expect(run.end).toBeGreaterThan(run.start)
            end = run.end
          }
          expect(piece.end).toBe(end)
        }
        expect(end).toBeLessThanOrEqual(content.length)
      }),
    )
  })
})

test('words are folded as the index folds them', () => {
  const content = 'ﬁnd ＡＢＣ ΟΔΟΣ İ Gatehouse™ STRASSE'
  expect(pieces(content).map(piece => wordAt(content, piece))).toEqual([
    'find',
    'abc',
    'οδοσ',
    'i',
    'gatehousetm',
    'strasse',
  ])
})

describe('candidates', () => {
  test('are the words that begin as a term does, each once', () => {
    expect(candidateWords('Machines and the machine: Mach, macro, mouse. MACHINE', ['machin'])).toEqual([
      'machines',
      'machine',
      'mach',
      'macro',
    ])
  })
  test.each([
    ['Häuser Haeuser haus', ['haus']],
    ['Straße Strasse', ['strass']],
    ['try tries', ['tri']],
    ['dying', ['die']],
    ['using', ['use']],
    ['sky skies', ['sky']],
    ['réparé', ['repar']],
    ['a', ['a']],
    ['Übung Uebung', ['ubung']],
  ])('of %s are all for %j', (content, terms) => {
    expect(candidateWords(content, terms)).toEqual(content.toLowerCase().split(' '))
  })
  test('of a piece with a candidate are the whole piece and its runs that begin so', () => {
    expect(candidateWords('data-driven example.com', ['driven'])).toEqual(['data-driven', 'driven'])
    expect(candidateWords('data-driven example.com', ['example.com'])).toEqual(['example.com', 'example'])
  })
  test('of a number with its unit are found by the unit and by the number', () => {
    expect(candidateWords('1.5mg 5+6', ['mg'])).toEqual(['1.5mg'])
    expect(candidateWords('1.5mg 5+6', ['1.5'])).toEqual(['1.5mg', '1'])
    expect(candidateWords('1.5mg 5+6', ['+6'])).toEqual(['5+6', '6'])
  })
  test('are none without terms', () => {
    expect(candidateWords('some words', [])).toEqual([])
    expect(candidateWords('', ['some'])).toEqual([])
  })
})
