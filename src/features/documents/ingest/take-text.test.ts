// The text of a parsed file as it is taken in: where pages start, and what is refused of a parser that cannot be trusted.
import { expect, test } from 'vitest'
import { refusalOf } from '../../../../tests/harness/refusal.ts'
import { textTaker } from './take-text.ts'

const nowhere = (): Promise<void> => Promise.resolve()

test('pages start where their text does, and those without text where the next one does', async () => {
  const taker = textTaker(nowhere)
  await taker.take({ text: 'one', page: 1 })
  await taker.take({ text: ' and more', page: 1 })
  await taker.take({ text: 'four', page: 4 })
  expect(taker.end()).toMatchObject({
    pageStarts: [0, 12, 12, 12],
    characters: 16,
    sample: 'one and morefour',
  })
})

test('the last page that a file may have is taken', async () => {
  const taker = textTaker(nowhere)
  await taker.take({ text: 'x', page: 10_000 })
  expect(taker.end().pageStarts).toHaveLength(10_000)
})

test.each([10_001, 30_000_000, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  'page %d, beyond what any file may have, is refused before a place is noted',
  async page => {
    const taker = textTaker(nowhere)
    expect(await refusalOf(taker.take({ text: 'x', page }))).toMatchObject({
      code: 'invalid_input',
      reason: 'damaged',
      say: expect.stringContaining('pages') as string,
    })
    expect(taker.end().pageStarts).toEqual([])
  },
)

test('more text than any file may give is refused, and only what came before is stored', async () => {
  let stored = 0
  const taker = textTaker((startAt, text) => {
    expect(startAt).toBe(stored)
    stored += text.length
    return nowhere()
  })
  const piece = { text: 'word '.repeat(1_000_000), page: null }
  let refusal
  let taken = 0
  while (refusal === undefined && taken < 150) {
    refusal = await refusalOf(taker.take(piece))
    taken++
  }
  expect(refusal).toMatchObject({ code: 'invalid_input', reason: 'damaged' })
  expect(refusal?.say).toContain('text')
  expect(stored).toBeLessThanOrEqual(505_000_000)
  expect(stored).toBeGreaterThanOrEqual(495_000_000)
}, 30_000)
