import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lines } from './lines.ts'

async function split(
  chunks: readonly (string | Buffer)[],
  maxBytes = 1_000_000,
): Promise<(string | undefined)[]> {
  async function* input() {
    for (const chunk of chunks) yield Buffer.from(chunk as string)
  }
  const found: (string | undefined)[] = []
  for await (const line of lines(input(), maxBytes)) found.push(line?.toString('utf8'))
  return found
}

test('finds the same lines however the bytes are cut into chunks', async () => {
  const texts = fc.array(
    fc.string({ minLength: 1, unit: 'grapheme' }).filter(text => !text.includes('\n')),
    { minLength: 1 },
  )
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat()), async (given, cuts) => {
      const bytes = Buffer.from(given.map(text => `${text}\n`).join(''))
      const at = [0, ...cuts.map(cut => cut % bytes.length), bytes.length].toSorted(
        (one, other) => one - other,
      )
      expect(await split(at.slice(1).map((end, index) => bytes.subarray(at[index], end)))).toEqual(given)
    }),
  )
})

test('splits at line feeds alone, skips empty lines, takes a last line without an end', async () => {
  expect(await split(['{"a":"\u2028"}\n\n', '\n{"b"', ':1}'])).toEqual(['{"a":"\u2028"}', '{"b":1}'])
})

test('skips a line that is too long and goes on with the next', async () => {
  expect(await split(['x'.repeat(6), 'x'.repeat(6), '\nok\n', 'y'.repeat(11)], 10)).toEqual([
    undefined,
    'ok',
    undefined,
  ])
})
