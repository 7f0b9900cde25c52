import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { textPieces, type TextPiece } from './text-pieces.ts'

const answer = { id: 'answer', name: 'answer' }

/** What a follower has who adds every piece to the one before, and begins anew where a piece says so. */
function followed(pieces: readonly TextPiece[]): string {
  return pieces.reduce((text, piece) => (piece.isFirst ? piece.text : text + piece.text), '')
}

test('the pieces are the text: none is empty, the first one begins it and the last one ends it', async () => {
  vi.useFakeTimers()
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 0, max: 300 }))),
        async words => {
          const written: TextPiece[] = []
          const pieces = textPieces(async piece => void written.push(piece), vi.fn<() => void>())
          for (const [word, ms] of words) {
            pieces.add(answer, word)
            await vi.advanceTimersByTimeAsync(ms)
          }
          const all = [...written, ...(await pieces.end())]
          const whole = words.map(([word]) => word).join('')
          expect(followed(all)).toBe(whole)
          expect(all.every(({ text }) => text !== '' && text.isWellFormed() === whole.isWellFormed())).toBe(
            true,
          )
          expect(all.map(({ isFirst }) => isFirst)).toEqual(all.map((_, at) => at === 0))
          expect(all.map(({ isLast }) => isLast)).toEqual(all.map((_, at) => at === all.length - 1))
        },
      ),
      { numRuns: 200 },
    )
  } finally {
    vi.useRealTimers()
  }
})

test('pieces are written one after the other, and words that come meanwhile are gathered', async () => {
  const written: string[] = []
  let isWriting = false
  const pieces = textPieces(async ({ text }) => {
    expect(isWriting).toBe(false)
    isWriting = true
    await pause(40)
    isWriting = false
    written.push(text)
  }, vi.fn<() => void>())
  for (let i = 0; i < 40; i++) {
    pieces.add(answer, 'word ')
    await pause(10)
  }
  await pieces.end()
  expect(written.length).toBeGreaterThan(0)
  expect(written.length).toBeLessThan(10)
})

test('what cannot be written is told at once, and thrown at the end', async () => {
  const problem = new Error('superseded')
  const told = vi.fn<(error: unknown) => void>()
  const pieces = textPieces(() => Promise.reject(problem), told)
  pieces.add(answer, 'some words')
  await vi.waitFor(() => expect(told).toHaveBeenCalledWith(problem))
  await expect(pieces.end()).rejects.toBe(problem)
})
