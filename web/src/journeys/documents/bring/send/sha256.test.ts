import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64Of, bytesOf } from './base64.ts'
import { sha256 } from './sha256.ts'

test('the hash of bytes is the same in whatever pieces they come', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(pieces, async given => {
      const own = sha256()
      for (const piece of given) own.update(piece)
      const whole = Uint8Array.from(given.flatMap(piece => [...piece]))
      const known = new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
      expect(own.hex()).toBe([...known].map(byte => byte.toString(16).padStart(2, '0')).join(''))
    }),
  )
})

test('a piece becomes base64 and comes back, byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      expect(base64Of(bytes)).toBe(btoa(String.fromCharCode(...bytes)))
      expect(bytesOf(base64Of(bytes))).toEqual(Uint8Array.from(bytes))
    }),
  )
  const large = new Uint8Array(1_048_576).map((_, at) => at * 7)
  expect(base64Of(large)).toHaveLength(1_398_104)
  expect(bytesOf(base64Of(large))).toEqual(large)
})
