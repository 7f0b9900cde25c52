import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstPart, nextPart, pageAt, pageSections, previousPart, wholeLines } from './text-window.ts'

const passage = fc
  .tuple(fc.nat(3_000_000), fc.integer({ min: 1, max: 150_000 }))
  .map(([start, length]) => ({ start, end: start + length }))

test('the part that is loaded first holds the whole passage', () => {
  fc.assert(
    fc.property(passage, place => {
      const part = firstPart(place)
      expect(part.start).toBeLessThanOrEqual(place.start)
      expect(part.end).toBeGreaterThanOrEqual(place.end)
    }),
  )
})

test('parts one after the other make up the whole text, forward and back', () => {
  fc.assert(
    fc.property(fc.nat(400_000), fc.nat(400_000), (begin, more) => {
      const characters = begin + more
      let [start, end] = [begin, begin]
      for (let part = nextPart(end, characters); part; part = nextPart(end, characters)) {
        expect(part.start).toBe(end)
        end = part.end
      }
      for (let part = previousPart(start); part; part = previousPart(start)) {
        expect(part.end).toBe(start)
        start = part.start
      }
      expect([start, end]).toEqual([0, characters])
    }),
  )
})

test('no line is shown broken, and nothing of the passage is cut off', () => {
  const lines = fc
    .array(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 30 })
    .map(parts => parts.join('\n'))
  fc.assert(
    fc.property(
      lines,
      fc.tuple(...[1, 2, 3, 4].map(() => fc.nat(100))),
      (whole, [a = 0, b = 0, c = 0, d = 0]) => {
        const start = Math.min(a, whole.length)
        const end = Math.min(start + b, whole.length)
        const place = { start: Math.min(start + c, end), end: Math.min(start + c + d, end) }
        const shown = wholeLines({ text: whole.slice(start, end), start, characters: whole.length }, place)
        expect(whole.slice(shown.start, shown.start + shown.text.length)).toBe(shown.text)
        if (place.start < place.end) {
          expect(shown.start).toBeLessThanOrEqual(place.start)
          expect(shown.start + shown.text.length).toBeGreaterThanOrEqual(place.end)
        }
      },
    ),
  )
})

test('pages are cut where they begin, and lose nothing', () => {
  const starts = fc
    .uniqueArray(fc.nat(60), { maxLength: 5 })
    .map(some => [0, ...some.filter(Boolean).toSorted((a, b) => a - b)])
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.nat(40), starts, (text, start, pageStarts) => {
      const sections = pageSections({ text, start, characters: 100 }, pageStarts)
      expect(sections.map(section => section.text).join('')).toBe(text)
      for (const section of sections) expect(pageAt(section.start, pageStarts)).toBe(section.page)
    }),
  )
  expect(pageSections({ text: 'x', start: 3, characters: 4 })).toEqual([{ start: 3, text: 'x' }])
  expect(pageAt(5)).toBeUndefined()
})
