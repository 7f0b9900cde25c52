// MCP as clients speak it: the official client in either revision, and single requests by hand where bytes matter.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

export interface McpClient {
  /** The protocol revision that was negotiated. */
  readonly revision: string
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
  tools(): Promise<string[]>
  close(): Promise<void>
}

export interface Hit {
  readonly doc_id: string
  readonly title: string
  readonly tenant_id: string
  readonly score: number
}

/** `auto` finds out the newest revision both sides know; `legacy` opens as clients up to 2025-11-25 do. */
export async function mcpClient(
  url: string,
  token: string,
  era: 'auto' | 'legacy' = 'auto',
): Promise<McpClient> {
  const client = new Client(
    { name: 'transcript', version: '1.0.0' },
    era === 'auto' ? { versionNegotiation: { mode: 'auto' } } : {},
  )
  const headers = { authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  return {
    revision: client.getNegotiatedProtocolVersion() ?? 'unknown',
    async call(name, args) {
      const { structuredContent, isError, content } = await client.callTool({ name, arguments: args })
      if (isError === true) throw new Error(`${name}: ${JSON.stringify(content)}`)
      return structuredContent as Record<string, unknown>
    },
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    close: () => client.close(),
  }
}

/** One tools/call as it travels: the answer's status, headers and bytes. */
export async function rawCall(
  url: string,
  token: string,
  call: { name: string; arguments: Record<string, unknown> },
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      // Chosen by us, so that it is the same for both of two requests that are to be compared.
      'x-request-id': '00000000-0000-4000-8000-000000000001',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
  })
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
}
