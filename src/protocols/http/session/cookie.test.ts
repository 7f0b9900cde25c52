import { describe, expect, test } from 'vitest'
import { sessionCookie } from './cookie.ts'

describe('the cookie of a session', () => {
  test('UI04 is for this host alone on https, and for no script', () => {
    expect(sessionCookie('https://gate.example').set('abc', 'gate.example')).toBe(
      '__Host-gatehouse=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800',
    )
  })

  test.each(['127.0.0.1:8080', 'localhost', '[::1]:8080'])('is set on plain http for %s', host => {
    expect(sessionCookie('http://127.0.0.1:8080').set('abc', host)).toMatch(/^gatehouse=abc; .*HttpOnly/)
  })

  test.each(['box.lan:8080', '192.168.1.4', '127.0.0.1.evil.test', undefined])(
    'is never set on plain http for %s',
    host => {
      expect(() => sessionCookie('http://127.0.0.1:8080').set('abc', host)).toThrow(
        expect.objectContaining({ code: 'forbidden', reason: 'insecure' }),
      )
    },
  )

  test('is read by its exact name, and not at all when it is there twice', () => {
    const { read } = sessionCookie('https://gate.example')
    expect(read('a=b; __Host-gatehouse=abc=; c=d')).toBe('abc=')
    expect(read('gatehouse=abc')).toBeUndefined()
    expect(read('__Host-gatehouse=a; __Host-gatehouse=b')).toBeUndefined()
    expect(read(undefined)).toBeUndefined()
  })
})
