// Speaks MCP to a test server as clients do, byte by byte where it matters: requests of both eras, answers as they came.
import { expect } from 'vitest'
import type { TestServer } from './mcp-server.ts'

export type Json = Record<string, unknown>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The JSON-RPC message, out of its event if it came as one. */
  readonly message: {
    id?: unknown
    result?: Json
    error?: { code: number; message: string; data?: Json }
  } & Json
}

export interface Sending {
  /** The name of a token of the test server; '' for none. */
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly to?: TestServer
  readonly signal?: AbortSignal
  /** Over what a modern request says of itself. */
  readonly meta?: Json
}

export const MODERN = '2026-07-28'
export const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'wire-test', version: '1' },
}
export const ACCEPT = 'application/json, text/event-stream'

type Ask = (method: string, params?: Json, sending?: Sending) => Promise<Answer>

export interface McpWire {
  /** Posts a body as it is. */
  send(body: string, sending?: Sending): Promise<Answer>
  /** A request of revision 2026-07-28 with the headers it demands. */
  readonly modern: Ask
  /** A request as clients up to 2025-11-25 send it. */
  readonly legacy: Ask
  /** A modern tools/call. */
  call(name: string, args: unknown, sending?: Sending): Promise<Answer>
  /** For test.each: the revision and its way to ask. */
  readonly eras: [string, Ask][]
}

export function mcpWire(server: () => TestServer): McpWire {
  const send: McpWire['send'] = async (
    body,
    { token = 'reader', headers = {}, to = server(), signal } = {},
  ) => {
    const answer = await fetch(`${to.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: ACCEPT,
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body,
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await answer.text()
    const json = /^data: (.*)$/m.exec(text)?.[1] ?? text
    const message = (/^[[{]/.test(json) ? JSON.parse(json) : {}) as Answer['message']
    return { status: answer.status, headers: answer.headers, text, message }
  }
  const modern: Ask = (method, params = {}, { headers, meta, ...sending } = {}) => {
    const name = params['name']
    const message = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: { ...META, ...meta } } }
    const standard = { 'mcp-protocol-version': MODERN, 'mcp-method': method }
    const named = typeof name === 'string' ? { 'mcp-name': name } : {}
    return send(JSON.stringify(message), { ...sending, headers: { ...standard, ...named, ...headers } })
  }
  const legacy: Ask = (method, params = {}, { headers, ...sending } = {}) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })
    return send(body, { ...sending, headers: { 'mcp-protocol-version': '2025-11-25', ...headers } })
  }
  return {
    send,
    modern,
    legacy,
    call: (name, args, sending) => modern('tools/call', { name, arguments: args }, sending),
    eras: [
      [MODERN, modern],
      ['2025-11-25', legacy],
    ],
  }
}

/** The error in a tool's result. */
export function toolError({ message }: Answer): Json {
  const [content] = (message.result ?? {})['content'] as { text: string }[]
  return (JSON.parse(content?.text ?? '{}') as { error: Json }).error
}

// Vitest types its matchers as any, which would spread into everything they are compared with.
export const anyString: unknown = expect.any(String)
export const anyNumber: unknown = expect.any(Number)
export const containing = (text: string): unknown => expect.stringContaining(text)
