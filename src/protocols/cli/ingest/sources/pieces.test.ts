import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieces } from './pieces.ts'

test('pieces lie end to end, are full but for the last, and only the last says so', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }))
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 16 }), async (given, size) => {
      async function* input() {
        for (const chunk of given) yield Buffer.from(chunk)
      }
      const found = []
      for await (const piece of pieces(input(), size)) found.push(piece)
      const all = Buffer.concat(given)
      expect(Buffer.concat(found.map(({ bytes }) => bytes)).equals(all)).toBe(true)
      expect(found.map(({ offset }) => offset)).toEqual(found.map((_, index) => index * size))
      expect(found.map(({ isLast }) => isLast)).toEqual(found.map((_, index) => index === found.length - 1))
      for (const { bytes } of found.slice(0, -1)) expect(bytes.length).toBe(size)
      expect(found.at(-1)?.bytes.length).toBeLessThanOrEqual(size)
      expect(found.length).toBe(Math.max(1, Math.ceil(all.length / size)))
    }),
  )
})
