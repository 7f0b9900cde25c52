import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageTokens } from './page-token.ts'

const place = { at: '2026-11-21 10:00:00.123456+00', id: '0198aaaa-0000-7000-8000-000000000001' }

test('AA15: a page token says where the list goes on; changed, of another list or of another deployment it is refused', () => {
  const key = randomBytes(32)
  const pages = pageTokens(() => [key])
  const token = pages.write(place, 'mine')
  expect(pages.read(token, 'mine')).toEqual(place)
  const refused = { code: 'invalid_input', reason: 'bad_page_token' }
  const [body = '', mac = ''] = token.split('.')
  const other = Buffer.from(JSON.stringify([place.at, 'x'])).toString('base64url')
  for (const bad of [
    '',
    '.',
    'x',
    body,
    `${body}.`,
    `${other}.${mac}`,
    `${body}.${mac.slice(1)}`,
    `${token}A`,
  ])
    expect(() => pages.read(bad, 'mine'), bad).toThrow(expect.objectContaining(refused) as Error)
  expect(() => pages.read(token, 'yours')).toThrow(expect.objectContaining(refused) as Error)
  const elsewhere = pageTokens(() => [randomBytes(32)])
  expect(() => elsewhere.read(token, 'mine')).toThrow(expect.objectContaining(refused) as Error)
})

test('a token made before the key was changed leads on while the old key is known', () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)]
  const token = pageTokens(() => [old]).write(place, 'mine')
  expect(pageTokens(() => [fresh, old]).read(token, 'mine')).toEqual(place)
})
