// What callers with a good token could still do to the server over A2A: hold what nobody counts, and make it say more
// than it was asked. Over tasks in memory.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startA2aServer, type A2aServer } from '../harness/a2a-server.ts'
import { postRpc, rpc, saying } from '../harness/a2a-wire.ts'

let server: A2aServer
beforeAll(async () => {
  server = await startA2aServer()
})
afterAll(() => server.stop(0))

async function begin(): Promise<string> {
  const params = { message: saying('hi'), configuration: { returnImmediately: true } }
  return String((await rpc(server.url, 'SendMessage', params)).body.result?.task?.id)
}

test('a HEAD follows nothing: its answer would be over, and the following would go on uncounted', async () => {
  const id = await begin()
  for (const path of [`/a2a/rest/tasks/${id}:subscribe`, `/a2a/rest/tasks/${id}`, '/a2a/rest/tasks']) {
    const headers = { authorization: 'Bearer ada', 'a2a-version': '1.0' }
    const { status } = await fetch(server.url + path, { method: 'HEAD', headers })
    await pause(50)
    expect({ status, waiting: server.waiting() }).toEqual({ status: 405, waiting: 0 })
  }
})

test('the id of a request is short: it stands in every event of its answer', async () => {
  const asked = (id: string) => ({ jsonrpc: '2.0', id, method: 'GetTask', params: { id: 'none' } })
  const [longest, longer] = [
    await postRpc(server.url, asked('i'.repeat(500))),
    await postRpc(server.url, asked('i'.repeat(501))),
  ]
  expect(await longest.json()).toMatchObject({ id: 'i'.repeat(500), error: { code: -32001 } })
  expect(await longer.json()).toMatchObject({ id: null, error: { code: -32600 } })
})
