// Stopping the server: what runs may end, what is left behind is nothing, and who is in a hurry signals twice.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longText } from './long-text.ts'
import {
  canListen,
  ENGINE,
  openDeployment,
  stop,
  until,
  type Deployment,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller, type McpCaller } from './tool-caller.ts'

/** Takes about a second on a machine at rest; the server waits for ten. */
const A_SECOND = ENGINE === 'pglite' ? 150 : 500

let deployment: Deployment
let caller: McpCaller
let server: RunningProcess
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
  await deployment.json('tenant', 'create', 'acme')
  caller = mcpCaller(deployment, await deployment.token('acme'))
})
afterAll(() => deployment.close())

interface RunningCall {
  hasEnded(): boolean
  readonly answer: Promise<{ document_id: string }>
}

/** Begins to add a large document; resolves when the server is at it. */
async function beginAdding(title: string, paragraphs: number): Promise<RunningCall> {
  let ended = false
  const answer = caller.tool<{ document_id: string }>('add_document', {
    title,
    content: longText(title, paragraphs),
  })
  answer.then(
    () => (ended = true),
    () => (ended = true),
  )
  await sleep(50)
  expect((await fetch(`${deployment.url}/livez`)).status).toBe(200)
  return { hasEnded: () => ended, answer }
}

const leftOpen = () =>
  ['lock', 'socket-path', 'socket/gatehouse.sock'].filter(left => existsSync(join(deployment.dataDir, left)))

test.for(['SIGINT', 'SIGTERM'] as const)(
  'after %s a running call ends well, nobody new is let in, and nothing is left behind',
  async signal => {
    const call = await beginAdding(`drained-by-${signal}`, A_SECOND)
    expect(call.hasEnded()).toBe(false)
    server.signal(signal)
    await until(() => server.stderr().includes('stopping: running calls have 10 s to end'), 'it says so')
    await sleep(50)
    await expect(fetch(`${deployment.url}/livez`)).rejects.toThrow('fetch failed')
    const { document_id } = await call.answer
    expect((await server.ended).code).toBe(0)
    expect(leftOpen()).toEqual([])
    expect(await canListen(deployment.port)).toBe(true)

    server = await deployment.start()
    expect(await caller.tool('retrieve_document', { document_id })).toMatchObject({
      title: `drained-by-${signal}`,
    })
  },
)

test('an idle server stops at once, although a client keeps its connection open', async () => {
  await caller.tool('list_documents')
  const asked = Date.now()
  expect((await stop(server)).code).toBe(0)
  expect(Date.now() - asked).toBeLessThan(5_000)
  server = await deployment.start()
})

test('a second signal ends the server at once, and the next start finds all in order', async () => {
  const call = await beginAdding('abandoned', 1_000)
  call.answer.catch(() => undefined)
  server.signal('SIGINT')
  await until(() => server.stderr().includes('stopping:'), 'the first signal is heard')
  // Within 200 ms it would be taken for the same signal, which a terminal and npm may each deliver.
  await sleep(250)
  expect(call.hasEnded()).toBe(false)
  const asked = Date.now()
  server.signal('SIGINT')
  expect((await server.ended).code).toBe(130)
  expect(Date.now() - asked).toBeLessThan(2_000)
  await expect(call.answer).rejects.toThrow('fetch failed')

  server = await deployment.start()
  expect((await caller.list()).map(({ title }) => title)).not.toContain('abandoned')
  await caller.tool('add_document', { title: 'after', content: 'cerulean' })
})
