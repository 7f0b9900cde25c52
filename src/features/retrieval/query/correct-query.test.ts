import { describe, expect, test } from 'vitest'
import { correctableWords, corrected, nearestWords, type NearWord } from './correct-query.ts'
import { edits, isTransposed } from './edits.ts'

const near = (word: string, correction: string, df = 1, seen = false): NearWord => ({
  word,
  correction,
  term: correction,
  df,
  seen,
})
const wordsAskedFor = (text: string, ...quoted: string[]) =>
  correctableWords(
    text,
    quoted.map(phrase => ({ text: phrase, pattern: '' })),
  )

describe('edits', () => {
  test('are every deletion, transposition, substitution and insertion, each once', () => {
    const all = edits('ab')
    expect(all).toEqual([...new Set(all)])
    expect(all).toEqual(
      expect.arrayContaining(['a', 'b', 'ba', 'xb', 'ax', 'xab', 'axb', 'abx', 'äb', 'abß']),
    )
    expect(all).not.toContain('ab')
    for (const other of all) expect(Math.abs(other.length - 2)).toBeLessThanOrEqual(1)
  })
  test('take letters beyond the basic plane whole', () => {
    for (const other of edits('𐐨𐐩')) expect(other.isWellFormed()).toBe(true)
  })
  test.each([
    ['machien', 'machine', true],
    ['machien', 'machines', false],
    ['abcd', 'badc', false],
    ['ab', 'ab', false],
  ])('%s and %s changed two neighbours: %s', (one, other, expected) =>
    expect(isTransposed(one, other)).toBe(expected),
  )
})

describe('words that may be corrected', () => {
  test('are of four letters and more, folded, each once', () => {
    expect(wordsAskedFor('Machien LEARNIGN machien for the cat')).toEqual(['machien', 'learnign'])
  })
  test('hold no digit, and belong to no address, path or identifier', () => {
    expect(
      wordsAskedFor('covid19 inv-2024x snake_case_name mail@exampel.com www.exampel.org docs/pathh'),
    ).toEqual([])
  })
  test('may end a sentence or stand in a compound', () => {
    expect(wordsAskedFor('machien-learnign. Whatt?')).toEqual(['machien', 'learnign', 'whatt'])
  })
  test('are not quoted', () => expect(wordsAskedFor('machien learnign', 'machien')).toEqual(['learnign']))
  test('are at most 64, of which five are corrected', () => {
    const words = Array.from(
      { length: 200 },
      (_, at) => `word${String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26))}`,
    )
    expect(wordsAskedFor(words.join(' '))).toHaveLength(64)
    expect(new Set(nearestWords('t', words).parameters[1] as number[])).toEqual(new Set([1, 2, 3, 4, 5]))
  })
})

describe('the correction', () => {
  test('is put wherever the word stands, and nowhere inside of others', () => {
    expect(corrected('Machien, machien (machiens) MACHIEN.', [near('machien', 'machine')])).toEqual({
      text: 'machine, machine (machiens) machine.',
      corrections: [{ from: 'machien', to: 'machine' }],
      terms: [near('machien', 'machine').term],
    })
  })
  test('is two letters changed rather than a more frequent word', () => {
    const rows = [near('form', 'for', 900), near('lroem', 'loem', 900), near('lroem', 'lorem', 1)]
    expect(corrected('lroem', rows).text).toBe('lorem')
  })
  test('keeps the first letter, then is the most frequent', () => {
    const rows = [near('breech', 'leech', 900), near('breech', 'breach', 20), near('breech', 'breeches', 3)]
    expect(corrected('breech', rows).text).toBe('breach')
  })
  test('is of several spellings the one that was seen', () => {
    const rows = [near('gartn', 'gart', 2), near('gartn', 'garten', 2, true), near('gartn', 'gartne', 2)]
    expect(corrected('gartn', rows).text).toBe('garten')
  })
  test('of four letters keeps the first', () => {
    expect(corrected('java', [near('java', 'lava', 900)])).toEqual({
      text: 'java',
      corrections: [],
      terms: [],
    })
  })
  test('does not hang on the order of the rows', () => {
    const rows = [near('tesst', 'tests', 4), near('tesst', 'test', 4), near('tesst', 'tesse', 4)]
    expect(corrected('tesst', rows)).toEqual(corrected('tesst', rows.toReversed()))
  })
  test('without rows is none', () =>
    expect(corrected('machien', [])).toEqual({ text: 'machien', corrections: [], terms: [] }))
})
