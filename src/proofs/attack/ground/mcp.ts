// MCP over the wire, byte for byte as a client sends it: what tools there are, and calls of them.
import type { RawAnswer } from '../../../platform/outbound/probe/raw-request.ts'
import type { Wire } from './wire.ts'

export type Json = Record<string, unknown>

export interface McpAnswer extends RawAnswer {
  /** The structured result, or the error in a refused call's content. */
  readonly output: Json
  readonly isError: boolean
  /** What a client compares: the status and the body without the request id. */
  readonly compared: string
}

export interface Tool {
  readonly name: string
  readonly inputSchema: Json
  readonly annotations?: { readonly readOnlyHint?: boolean }
}

export interface Sending {
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
}

export interface Mcp {
  post(message: unknown, token: string | undefined, sending?: Sending): Promise<McpAnswer>
  call(tool: string, args: unknown, token: string | undefined, sending?: Sending): Promise<McpAnswer>
  tools(token: string): Promise<readonly Tool[]>
}

const ACCEPT = 'application/json, text/event-stream'

export function mcpOver(wire: Wire): Mcp {
  const post: Mcp['post'] = async (message, token, { headers = {}, path = '/mcp' } = {}) => {
    const body = typeof message === 'string' ? message : JSON.stringify(message)
    const answer = await wire.send({
      method: 'POST',
      path,
      token,
      body,
      headers: { accept: ACCEPT, ...headers },
    })
    return { ...answer, ...read(answer) }
  }
  const call: Mcp['call'] = (tool, args, token, sending) =>
    post(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: args } },
      token,
      sending,
    )
  return {
    post,
    call,
    tools: async token => {
      const { output } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }, token)
      return Array.isArray(output['tools']) ? (output['tools'] as Tool[]) : []
    },
  }
}

function read({ status, body }: RawAnswer): Pick<McpAnswer, 'output' | 'isError' | 'compared'> {
  const compared = `${status} ${body.replaceAll(/(request_id\\?":\\?")[^"\\]+/g, '$1…')}`
  const message = parsed(/^data: (.*)$/m.exec(body)?.[1] ?? body)
  const result = message['result'] as Json | undefined
  if (result === undefined) return { output: message, isError: true, compared }
  const isError = result['isError'] === true
  const [content] = (result['content'] ?? []) as { text?: string }[]
  const refused = isError ? (parsed(content?.text ?? '{}')['error'] as Json | undefined) : undefined
  return { output: refused ?? (result['structuredContent'] as Json | undefined) ?? result, isError, compared }
}

function parsed(text: string): Json {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? (value as Json) : {}
  } catch {
    return {}
  }
}
