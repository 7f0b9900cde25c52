import { expect, test } from 'vitest'
import { parseMetadata } from './settings.ts'

test('values are what they look like; quotes make a text', () => {
  const given = [
    'year=2026',
    'rate=-0.5',
    'final=true',
    'code=007',
    'id="42"',
    'eq=a=b',
    'none=',
    'huge=1e999',
    'hex=0x10',
  ]
  expect(parseMetadata(given)).toEqual({
    year: 2026,
    rate: -0.5,
    final: true,
    code: '007',
    id: '42',
    eq: 'a=b',
    none: '',
    huge: '1e999',
    hex: '0x10',
  })
})

test('a key that means something to JavaScript is a key like any other', () => {
  expect(JSON.stringify(parseMetadata(['__proto__=x']))).toBe('{"__proto__":"x"}')
})

test.for([['year'], ['=x'], ['a=1', 'a=2']])('%j is refused', pairs =>
  expect(() => parseMetadata(pairs)).toThrow('--metadata'),
)
