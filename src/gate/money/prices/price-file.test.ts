import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parsePrices, readPriceFile } from './price-file.ts'

const parse = (...entries: unknown[]) =>
  parsePrices(JSON.stringify({ usd_per_million: entries }), 'prices.json')
const refusal = (say: RegExp): object =>
  expect.objectContaining({
    code: 'invalid_input',
    reason: 'price_file',
    say: expect.stringMatching(say) as string,
  }) as object

describe('the price file of a project', () => {
  test('has decimal texts and numbers, each to the nano', () => {
    expect(
      parse({ model: 'openai:gpt-4o', input: '2.50', cached_input: 0.1, output: 10, rerank: '0.000000001' }),
    ).toEqual(
      new Map([
        [
          'openai:gpt-4o',
          { input: 2_500_000_000n, cached_input: 100_000_000n, output: 10_000_000_000n, rerank: 1n },
        ],
      ]),
    )
  })

  test.each([
    ['a negative price', { model: 'a', input: '-1' }, /0\.input must not be negative/],
    ['a negative number', { model: 'a', input: -1 }, /0\.input must not be negative/],
    ['no number', { model: 'a', input: 'NaN' }, /0\.input must be USD/],
    ['too fine a price', { model: 'a', input: '0.0000000001' }, /more than nine digits/],
    ['a number that JSON does not keep', { model: 'a', input: 1.234567890123456 }, /write it as text/],
    ['too high a price', { model: 'a', input: '9000001' }, /not be more than 9000000/],
    ['null', { model: 'a', input: null }, /0\.input must be USD as decimal text/],
    ['a misspelt component', { model: 'a', input: 1, ouput: 2 }, /Unrecognized key: "ouput"/],
    ['no price at all', { model: 'a' }, /0 has no price in it/],
    ['a wildcard', { model: 'gpt-*', input: 1 }, /0\.model must be one model/],
    ['a blank', { model: 'gpt-4 ', input: 1 }, /0\.model must be one model/],
  ])('is refused with %s', (_what, entry, say) => {
    expect(() => parse(entry)).toThrow(refusal(say))
  })

  test('is refused with a model that is there twice, with another shape, and when it is no JSON', () => {
    expect(() => parse({ model: 'a', input: 1 }, { model: 'a', input: 2 })).toThrow(
      refusal(/a is there twice/),
    )
    expect(() => parsePrices('{"prices": {}}', 'p.json')).toThrow(refusal(/usd_per_million/))
    expect(() => parsePrices('{', 'p.json')).toThrow(refusal(/p\.json is not JSON/))
  })

  test('is named in bills by what is in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-prices-'))
    const path = join(folder, 'prices.json')
    await writeFile(path, '{"usd_per_million":[{"model":"a","input":1}]}')
    expect((await readPriceFile(path)).version).toMatch(/^file:[0-9a-f]{12}$/)
    await rm(folder, { recursive: true })
    await expect(readPriceFile(path)).rejects.toEqual(refusal(/prices\.json cannot be read \(ENOENT\)/))
  })
})
