import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postPublic } from './post-public.ts'

let asked: { request: IncomingMessage; body: string }[] = []
const server = createServer((request, response) => {
  void text(request).then(body => {
    asked.push({ request, body })
    if (request.url === '/hang') return
    response.writeHead(request.url === '/moved' ? 307 : 202, { location: '/other' }).end('x'.repeat(100_000))
  })
})
let host: string
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const message = { headers: { 'webhook-id': 'm' }, body: '{"ü":1}', deadlineMs: 1_500 }
const refused = { reason: 'url_not_allowed' }

test('a message arrives as it is, and a redirect is an answer like others', async () => {
  const { post } = postPublic([host])
  expect(await post(`http://${host}/in`, message)).toBe(202)
  expect(await post(`http://${host}/moved`, message)).toBe(307)
  expect(
    asked.map(({ request: { method, url, headers }, body }) => [method, url, headers['webhook-id'], body]),
  ).toEqual([
    ['POST', '/in', 'm', '{"ü":1}'],
    ['POST', '/moved', 'm', '{"ü":1}'],
  ])
  asked = []
})

test('nothing is posted inside, without https, or to a name that has come to lead inside', async () => {
  const addresses: string[] = ['93.184.215.14']
  const { check, post } = postPublic(['10.0.0.1:1'], () =>
    Promise.resolve(addresses.map(address => ({ address, family: 4 as const }))),
  )
  for (const url of [
    `http://${host}/`,
    `https://${host}/`,
    'http://hooks.example.com/',
    'https://u:p@hooks.example.com/',
    'no',
  ])
    for (const running of [check(url), post(url, message)])
      await expect(running).rejects.toMatchObject(refused)
  await check('https://hooks.example.com/')
  addresses.push('127.0.0.1')
  await expect(post('https://hooks.example.com/', message)).rejects.toMatchObject(refused)
  expect(asked).toEqual([])
})

test('a receiver that does not answer is not waited for', async () => {
  const { post } = postPublic([host])
  await expect(post(`http://${host}/hang`, { ...message, deadlineMs: 50 })).rejects.toMatchObject({
    reason: 'url_timeout',
  })
  await expect(post('http://127.0.0.1:1/', message)).rejects.toMatchObject(refused)
  await expect(postPublic(['127.0.0.1:1']).post('http://127.0.0.1:1/', message)).rejects.toMatchObject({
    reason: 'url_unreachable',
  })
})
