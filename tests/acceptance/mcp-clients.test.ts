// Clients that others wrote, against /mcp: each lists the tools its token allows and calls one, by header alone.
import { createMCPClient } from '@ai-sdk/mcp'
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, TENANT_A, TENANT_B, type TestServer } from '../harness/mcp-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop(0))

interface Session {
  tools(): Promise<string[]>
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
  close(): Promise<void>
  /** What was negotiated, where the client tells. */
  readonly revision?: string | undefined
}

const url = () => new URL(`${server.url}/mcp`)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const identity = { name: 'acceptance', version: '1.0.0' }

const CLIENTS: Record<string, (token: string) => Promise<Session>> = {
  async '@modelcontextprotocol/client 2 (auto)'(token) {
    const client = new ModernClient(identity, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new ModernTransport(url(), { requestInit: { headers: bearer(token) } }))
    return {
      revision: client.getNegotiatedProtocolVersion(),
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    }
  },
  async '@modelcontextprotocol/client 2 (default)'(token) {
    const client = new ModernClient(identity)
    await client.connect(new ModernTransport(url(), { requestInit: { headers: bearer(token) } }))
    return {
      revision: client.getNegotiatedProtocolVersion(),
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    }
  },
  async '@modelcontextprotocol/sdk 1'(token) {
    const client = new OlderClient(identity)
    const transport = new OlderTransport(url(), { requestInit: { headers: bearer(token) } })
    await client.connect(transport)
    return {
      revision: transport.protocolVersion,
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    }
  },
  async '@ai-sdk/mcp 2'(token) {
    const client = await createMCPClient({
      transport: { type: 'http', url: url().href, headers: bearer(token) },
    })
    return {
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      async call(name, args) {
        const tools = await client.tools()
        const options = { toolCallId: 'call-1', messages: [], context: undefined }
        return (await tools[name]?.execute?.(args, options as never)) as Record<string, unknown>
      },
      close: () => client.close(),
    }
  },
}

const REVISIONS: Record<string, string> = {
  '@modelcontextprotocol/client 2 (auto)': '2026-07-28',
  '@modelcontextprotocol/client 2 (default)': '2025-11-25',
  '@modelcontextprotocol/sdk 1': '2025-11-25',
}

describe.each(Object.entries(CLIENTS))('%s', (name, connect) => {
  test('lists the tools of its token and calls one', async () => {
    const session = await connect('reader')
    expect(await session.tools()).toEqual(['echo', 'wait', 'fail'])
    expect(session.revision).toBe(REVISIONS[name])
    const result = await session.call('echo', { text: 'hello' })
    expect(result).toMatchObject({
      structuredContent: { text: 'hello', limit: 10, tenant_id: TENANT_A, subject: 'reader' },
    })
    await session.close()
  })

  test('reads a refusal of a tool as a result it can show to its model', async () => {
    const session = await connect('reader')
    const result = await session.call('fail', { how: 'conflict' })
    expect(result['isError']).toBe(true)
    expect(JSON.stringify(result['content'])).toContain('The name is taken.')
    await session.close()
  })

  test('two of them side by side see each their own tenant', async () => {
    const sessions = await Promise.all([connect('reader'), connect('reader_b')])
    const seen = await Promise.all(sessions.map(session => session.call('echo', { text: 'same' })))
    expect(seen).toMatchObject([
      { structuredContent: { tenant_id: TENANT_A } },
      { structuredContent: { tenant_id: TENANT_B } },
    ])
    await Promise.all(sessions.map(session => session.close()))
  })

  test('is told to authenticate when its token is no good', async () => {
    await expect(connect('expired')).rejects.toThrow(/401|unauthorized|expired/i)
  })
})
