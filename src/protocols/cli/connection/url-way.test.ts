import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { asFault } from '../../../platform/faults.ts'
import { connectionOver } from './connection.ts'
import { remoteUrl, urlWay } from './url-way.ts'

test.each([
  ['http://gatehouse.example', 'must be https'],
  ['http://127.0.0.1.evil.test', 'must be https'],
  ['http://localhost.evil.test', 'must be https'],
  ['http://[::2]', 'must be https'],
  ['ftp://gatehouse.example', 'no http(s) URL'],
  ['gatehouse.example', 'no http(s) URL'],
  ['https://ada:secret@gatehouse.example', 'carries a user name'],
  ['https://gatehouse.example/?token=x', 'must end with its path'],
])('AU24 a credential is not sent to %s', (text, why) => {
  expect(() => remoteUrl(text)).toThrow(why)
})

test.each([
  'https://gatehouse.example/base',
  'http://localhost:8080',
  'http://127.0.0.1:1',
  'http://[::1]:8080/',
])('%s is an address of a Gatehouse', text => {
  expect(remoteUrl(text).href).toContain(text.replace(/\/$/, ''))
})

let server: Server | undefined
afterEach(() => server?.close())

async function answering(status: number, body: string, headers: Record<string, string> = {}): Promise<URL> {
  server = createServer((request, response) => {
    request.resume()
    seen = { path: request.url, authorization: request.headers.authorization }
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`)
}
let seen: Record<string, string | undefined> = {}

async function asked(base: URL) {
  const way = urlWay(base)
  try {
    return await connectionOver(way.post, 'own-token').post('list_tenants', {})
  } catch (error) {
    return asFault(error)
  } finally {
    way.close()
  }
}

test('asks below the path of the address, with the credential in its header', async () => {
  expect(await asked(await answering(200, '{"tenants":[]}'))).toEqual({ tenants: [] })
  expect(seen).toEqual({ path: '/base/api/list_tenants', authorization: 'Bearer own-token' })
})

test('a refusal is the fault it was made from', async () => {
  const problem = JSON.stringify({ code: 'forbidden', detail: 'No.', reason: 'insufficient_scope' })
  expect(await asked(await answering(403, problem))).toMatchObject({
    code: 'forbidden',
    say: 'No.',
    reason: 'insufficient_scope',
  })
})

test.each([
  [502, '<html>Bad Gateway</html>'],
  [404, '{"message":"not here"}'],
  [200, 'hello'],
])('an answer %i %s that is none of ours is "no Gatehouse"', async (status, body) => {
  expect(await asked(await answering(status, body))).toMatchObject({
    code: 'unavailable',
    say: `What answers there (status ${status}) is no Gatehouse.`,
  })
})

test('AA08 a redirect is not followed: the credential stays here', async () => {
  const elsewhere = await answering(307, '', { location: 'http://127.0.0.1:1/' })
  expect(await asked(elsewhere)).toMatchObject({ code: 'unavailable' })
})

test('nobody there is "unavailable", with what Node calls it', async () => {
  expect(await asked(new URL('http://127.0.0.1:1'))).toMatchObject({
    code: 'unavailable',
    reason: 'no_server',
  })
})
