import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keySetFetcher } from './fetch-key-set.ts'

const server = createServer((_request, response) => response.end('{"keys":[]}'))
let host: string
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const limits = { maxBytes: 1_000, deadlineMs: 1_500 }
const refused = { reason: 'url_not_allowed' }

test('a host that the environment names is reached where it is', async () => {
  const { body } = await keySetFetcher([host])(`http://${host}/jwks`, limits)
  expect(await text(body)).toBe('{"keys":[]}')
})

test('any other needs https and a public address', async () => {
  const fetch = keySetFetcher(['127.0.0.1:1'])
  await expect(fetch(`http://${host}/jwks`, limits)).rejects.toMatchObject(refused)
  await expect(fetch(`https://${host}/jwks`, limits)).rejects.toMatchObject(refused)
  await expect(fetch('https://169.254.169.254/jwks', limits)).rejects.toMatchObject(refused)
  await expect(fetch('http://issuer.example.com/jwks', limits)).rejects.toMatchObject(refused)
  await expect(fetch('jwks', limits)).rejects.toMatchObject(refused)
})

test('no spelling of a URL is taken for a named host that it does not lead to', async () => {
  const fetch = keySetFetcher(['idp.internal'])
  for (const address of [
    'http://idp.internal@127.0.0.1/',
    'http://127.0.0.1/idp.internal',
    'http://idp.internal.evil.test/',
  ])
    await expect(fetch(address, limits)).rejects.toMatchObject(refused)
})
