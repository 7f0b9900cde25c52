import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJsonBody } from './json-body.ts'

const reasonOf = (text: string | Buffer) => {
  try {
    parseJsonBody(Buffer.from(text as string))
    return 'taken'
  } catch (error) {
    return (error as { reason: string }).reason
  }
}

test('takes any JSON value without the forbidden keys, and takes it as JSON.parse does', () => {
  const harmless = fc.json().filter(text => !text.includes('proto'))
  fc.assert(
    fc.property(harmless, text => {
      expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('DS02 takes 64 levels and refuses 65, whichever brackets; brackets in strings are no levels', () => {
  expect(reasonOf('['.repeat(64) + ']'.repeat(64))).toBe('taken')
  expect(reasonOf('['.repeat(65) + ']'.repeat(65))).toBe('nested_too_deep')
  expect(reasonOf(`${'{"a":['.repeat(33)}1${']}'.repeat(33)}`)).toBe('nested_too_deep')
  expect(reasonOf(`"${'['.repeat(100)}"`)).toBe('taken')
  expect(reasonOf(`["\\"${'['.repeat(100)}", "\\\\", [1]]`)).toBe('taken')
})

test('MC12 refuses keys that reach a prototype, however they are spelt, and no others', () => {
  expect(reasonOf('{"__proto__":1}')).toBe('forbidden_key')
  expect(reasonOf('{"a":[{"\\u005f\\u005fproto__":1}]}')).toBe('forbidden_key')
  expect(reasonOf('{"\\u0063onstructor":{"prototype":1}}')).toBe('forbidden_key')
  expect(reasonOf('{"constructor":"of houses","prototype":1}')).toBe('taken')
  expect(reasonOf('{"a":"__proto__"}')).toBe('taken')
})

test('AU14 refuses a key that an object names twice, however it is spelt; equal keys of two objects are fine', () => {
  expect(reasonOf('{"a":1,"b":{"a":1},"a":2}')).toBe('duplicate_key')
  expect(reasonOf('{"a":1,"\\u0061":2}')).toBe('duplicate_key')
  expect(reasonOf('[{"x":{"a" : 1,"a"\n:2}}]')).toBe('duplicate_key')
  expect(reasonOf('{"a":{"c":1},"b":{"c":[{"a":1},{"a":2}]}}')).toBe('taken')
  expect(reasonOf('{"a":"a","b":["a","a"]}')).toBe('taken')
  expect(reasonOf('{"\\"":1,"\\\\":2,"\\\\\\"":3}')).toBe('taken')
})

test('DS04 takes 10,000 keys and refuses one more', () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join()}}`
  expect(reasonOf(keys(10_000))).toBe('taken')
  expect(reasonOf(keys(10_001))).toBe('too_many_keys')
})

test('refuses what is no JSON and what is no UTF-8', () => {
  for (const text of ['', ' ', '{', '{"a":1,}', "{'a':1}", 'NaN', '[1]]', '\ufeff[]'])
    expect(reasonOf(text)).toBe('malformed_json')
  expect(reasonOf(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toBe('malformed_json')
})
