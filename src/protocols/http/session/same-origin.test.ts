import { expect, test } from 'vitest'
import { requireSameOrigin } from './same-origin.ts'

const publicUrl = 'https://gate.example'
const judged = (method: string, headers: Record<string, string>, isStrict = true): boolean => {
  try {
    requireSameOrigin({ method, headers: { host: 'gate.example', ...headers } }, { publicUrl, isStrict })
    return true
  } catch {
    return false
  }
}

test.each([
  ['POST', { origin: 'https://gate.example' }, true],
  ['POST', { origin: 'https://evil.example' }, false],
  ['POST', { origin: 'http://gate.example' }, false],
  ['POST', { origin: 'https://gate.example:8443' }, false],
  ['POST', { origin: 'https://sub.gate.example' }, false],
  ['POST', { origin: 'null' }, false],
  ['POST', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, false],
  ['POST', { 'sec-fetch-site': 'same-origin' }, true],
  ['POST', { 'sec-fetch-site': 'same-site' }, false],
  ['POST', { 'sec-fetch-site': 'cross-site' }, false],
  ['POST', {}, false],
  ['PUT', {}, false],
  ['DELETE', {}, false],
  ['PATCH', { origin: 'https://evil.example' }, false],
  ['GET', {}, true],
  ['HEAD', { origin: 'https://evil.example' }, true],
])('UI03 %s with %j where the cookie counts: let in %j', (method, headers, isIn) => {
  expect(judged(method, headers as Record<string, string>)).toBe(isIn)
})

test('UI03 without a cookie a program may leave the origin out, a browser on another site may not', () => {
  expect(judged('POST', {}, false)).toBe(true)
  expect(judged('POST', { origin: 'https://evil.example' }, false)).toBe(false)
  expect(judged('POST', { 'sec-fetch-site': 'cross-site' }, false)).toBe(false)
})
