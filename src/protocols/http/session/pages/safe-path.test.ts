import { expect, test } from 'vitest'
import { safePath } from './safe-path.ts'

test.each(['/app', '/app/sign-in?x=1', '/a/b-c_d'])('UI05 a path of this server is gone to: %s', path => {
  expect(safePath(path)).toBe(path)
})

test.each([
  'https://evil.test',
  '//evil.test',
  '/\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '\\\\evil.test',
  'javascript:alert(1)',
  'evil.test',
  '',
  '/app\\..\\x',
  '/é',
  undefined,
])('UI05 anything else leads home: %j', next => {
  expect(safePath(next)).toBe('/app')
})

test('UI05 whatever is gone to, a browser stays on this host', () => {
  for (const next of ['/./\u002fevil.test', '/..//evil.test', '/a/..//evil.test', '/%2f/evil.test']) {
    const host = new URL(safePath(next), 'https://gate.example').host
    expect(host, next).toBe('gate.example')
  }
})
