import { expect, test } from 'vitest'
import { isKeyText, newKey, readKey } from './key-text.ts'

test('a new key is read back as what it was made', () => {
  for (const kind of ['tenant', 'operator'] as const) {
    const { text, id, secret } = newKey(kind)
    expect(text).toMatch(/^gh[ko]_[0-9A-Za-z]{12}_[\w-]{43}_[0-9A-Za-z]{6}$/)
    expect(isKeyText(text)).toBe(true)
    expect(readKey(text)).toEqual({ kind, id, secret })
  }
})

test('AU31: a key with any one character changed, left out or added is no key', () => {
  const { text } = newKey('tenant')
  for (let place = 0; place < text.length; place++) {
    const other = text[place] === 'a' ? 'b' : 'a'
    expect(readKey(text.slice(0, place) + other + text.slice(place + 1))).toBeUndefined()
    expect(readKey(text.slice(0, place) + text.slice(place + 1))).toBeUndefined()
    expect(readKey(`${text.slice(0, place)}0${text.slice(place)}`)).toBeUndefined()
  }
})

test('the kind cannot be changed without the checksum telling', () => {
  expect(readKey(newKey('tenant').text.replace('ghk', 'gho'))).toBeUndefined()
})

test('a signed token does not look like a key', () => {
  expect(isKeyText('eyJhbGciOiJSUzI1NiJ9.e30.c2ln')).toBe(false)
  expect(readKey('ghk_')).toBeUndefined()
})

test('the checksum is the CRC-32 of what precedes it: others can compute it', () => {
  const body = `ghk_${'A'.repeat(12)}_${'B'.repeat(43)}`
  expect(readKey(`${body}_2gkVoe`) ?? 'another checksum').toEqual({
    kind: 'tenant',
    id: 'A'.repeat(12),
    secret: 'B'.repeat(43),
  })
})
