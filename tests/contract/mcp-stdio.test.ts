// The stdio bridge in front of a listening server: what a desktop client writes and reads.
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stdioBridge, type StdioBridgeOptions } from '../../src/protocols/mcp/stdio/stdio-bridge.ts'
import { startTestServer, TENANT_A, type TestServer } from '../harness/mcp-server.ts'
import { containing } from '../harness/mcp-wire.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop(0))

interface Client {
  write(message: unknown): void
  writeText(text: string): void
  /** The next line of output, parsed. */
  next(): Promise<Record<string, unknown>>
  /** Closes the input; answers the lines that were not read. */
  end(): Promise<string[]>
  readonly output: PassThrough
}

function startClient(options: Partial<StdioBridgeOptions> = {}): Client {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const unread: string[] = []
  let rest = ''
  output.on('data', chunk => {
    const parts = (rest + String(chunk)).split('\n')
    rest = parts.pop() ?? ''
    unread.push(...parts)
  })
  const ended = stdioBridge({
    input,
    output,
    accessToken: async () => 'reader',
    post: ({ path, body, headers, signal }) =>
      fetch(server.url + path, { method: 'POST', body, headers, signal }),
    ...options,
  })
  return {
    output,
    writeText: text => void input.write(text),
    write: message => void input.write(`${JSON.stringify(message)}\n`),
    async next() {
      await expect.poll(() => unread.length, { timeout: 5_000, interval: 5 }).toBeGreaterThan(0)
      return JSON.parse(unread.shift() ?? '') as Record<string, unknown>
    },
    async end() {
      input.end()
      await ended
      expect(rest).toBe('')
      return unread
    },
  }
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const call = (id: number, name: string, args: unknown, meta?: unknown) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
})

test('a session of 2025-11-25 works from initialize to a call', async () => {
  const client = startClient()
  client.write({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'desktop', version: '1' },
    },
  })
  expect(await client.next()).toMatchObject({
    id: 1,
    result: { protocolVersion: '2025-11-25', serverInfo: { name: 'gatehouse' } },
  })
  client.write({ jsonrpc: '2.0', method: 'notifications/initialized' })
  client.write(call(2, 'echo', { text: 'from the desk' }))
  expect(await client.next()).toMatchObject({
    id: 2,
    result: { structuredContent: { text: 'from the desk', tenant_id: TENANT_A } },
  })
  expect(await client.end()).toEqual([])
})

test('messages of 2026-07-28 carry the headers their revision demands', async () => {
  const client = startClient()
  client.write({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: META } })
  expect(await client.next()).toMatchObject({ id: 1, result: { supportedVersions: ['2026-07-28'] } })
  client.write(call(2, 'echo', { text: 'x' }, META))
  expect(await client.next()).toMatchObject({
    id: 2,
    result: { resultType: 'complete', structuredContent: { text: 'x' } },
  })
  client.write(call(3, 'ünknown', {}, META))
  expect(await client.next()).toMatchObject({ id: 3, error: { code: -32602 } })
  expect(await client.end()).toEqual([])
})

test('lines that are no message are answered, and the next one works', async () => {
  const client = startClient()
  client.writeText('{"half":\n')
  expect(await client.next()).toMatchObject({ id: null, error: { code: -32700 } })
  client.writeText('[]\n\n   \n')
  expect(await client.next()).toMatchObject({ id: null, error: { code: -32600 } })
  expect(await client.next()).toMatchObject({ id: null, error: { code: -32700 } })
  client.writeText(`"${'x'.repeat(5 * 1024 * 1024)}"\n`)
  expect(await client.next()).toMatchObject({
    id: null,
    error: { code: -32600, message: containing('4 MiB') },
  })
  client.write(call(1, 'echo', { text: 'line\u2028separator' }))
  expect(await client.next()).toMatchObject({
    id: 1,
    result: { structuredContent: { text: 'line\u2028separator' } },
  })
  expect(await client.end()).toEqual([])
})

test('a refusal of the door is an error to its request', async () => {
  const client = startClient({ accessToken: async () => 'expired' })
  client.write(call(9, 'echo', { text: 'x' }))
  expect(await client.next()).toMatchObject({
    id: 9,
    error: {
      code: 401,
      message: 'The access token has expired.',
      data: { code: 'unauthenticated', reason: 'expired' },
    },
  })
  expect(await client.end()).toEqual([])
})

test('a server that cannot be reached is an error to its request, not the end', async () => {
  const client = startClient({ post: () => Promise.reject(new TypeError('fetch failed')) })
  client.write(call(1, 'echo', { text: 'x' }))
  expect(await client.next()).toMatchObject({ id: 1, error: { code: -32603 } })
  client.write({ jsonrpc: '2.0', method: 'notifications/initialized' })
  expect(await client.end()).toEqual([])
})

test('a cancelled request is stopped in the server and answered by nothing', async () => {
  const before = server.seen.waits.length
  const client = startClient()
  client.write(call(1, 'wait', { ms: 20_000 }))
  client.write(call(2, 'wait', { ms: 300 }))
  await sleep(150)
  client.write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } })
  await expect.poll(() => server.seen.waits.slice(before)).toContain('aborted')
  expect(await client.next()).toMatchObject({ id: 2, result: { structuredContent: { waited_ms: 300 } } })
  expect(await client.end()).toEqual([])
})

test('many requests run side by side, and each gets its own answer', async () => {
  const client = startClient()
  for (let id = 0; id < 50; id++)
    client.write(call(id, 'echo', { text: `n${id}` }, id % 2 === 0 ? META : undefined))
  const answers = await Promise.all(Array.from({ length: 50 }, () => client.next()))
  for (const { id, result } of answers)
    expect(result).toMatchObject({ structuredContent: { text: `n${String(id)}` } })
  expect(new Set(answers.map(({ id }) => id)).size).toBe(50)
  expect(await client.end()).toEqual([])
})

test('the end of input lets running calls end, and waits no longer than it was told', async () => {
  const patient = startClient()
  patient.write(call(1, 'wait', { ms: 200 }))
  expect((await patient.end()).map(line => JSON.parse(line) as unknown)).toMatchObject([
    { id: 1, result: {} },
  ])

  const before = server.seen.waits.length
  const hasty = startClient({ drainMs: 100 })
  hasty.write(call(1, 'wait', { ms: 20_000 }))
  const started = performance.now()
  expect(await hasty.end()).toEqual([])
  expect(performance.now() - started).toBeLessThan(2_000)
  await expect.poll(() => server.seen.waits.slice(before)).toEqual(['aborted'])
})

test('a client that stops reading ends its calls', async () => {
  const before = server.seen.waits.length
  const client = startClient()
  client.write(call(1, 'wait', { ms: 20_000 }))
  await sleep(100)
  client.output.destroy(new Error('EPIPE'))
  await expect.poll(() => server.seen.waits.slice(before)).toEqual(['aborted'])
  await client.end()
})
