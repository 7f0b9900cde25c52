// One MCP call over plain HTTP, and all that came back, for tests that look at every byte of it.
import type { Deployment } from './server-process.ts'

export interface Hit {
  readonly doc_id: string
  readonly title: string
  readonly content: string
  readonly tenant_id: string
  readonly bm25_score: number
  readonly vector_score: number
  readonly score: number
  readonly explanation: { readonly lexical?: unknown; readonly vector?: unknown }
}

export interface SearchAnswer {
  readonly hits: readonly Hit[]
  readonly searched: { readonly terms: readonly string[] }
}

export interface Listed {
  readonly document_id: string
  readonly external_id?: string
  readonly title: string
  readonly created_at: string
}

export interface ToolError {
  readonly code: string
  readonly message: string
  readonly reason?: string
  readonly issues?: readonly { readonly field: string; readonly message: string }[]
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body as it came. */
  readonly text: string
  /** The JSON-RPC message in it, or a problem document. */
  readonly message: Record<string, unknown>
  /** Of a tool that refused. */
  readonly error: ToolError | undefined
}

export interface McpCaller {
  /** The structured content of a call; throws when it was refused. */
  tool<T = Record<string, unknown>>(name: string, args?: Record<string, unknown>): Promise<T>
  /** A call with everything that came back, refused or not. */
  answer(name: string, args?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>
  /** All documents, through all pages. */
  list(): Promise<Listed[]>
}

/** Calls tools of a deployment with a token; without one when it is undefined. */
export function mcpCaller({ url }: Pick<Deployment, 'url'>, token: string | undefined): McpCaller {
  const answer: McpCaller['answer'] = async (name, args = {}, headers = {}) => {
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name, arguments: args },
      }),
    })
    const text = await response.text()
    const message = messageIn(text)
    return { status: response.status, headers: response.headers, text, message, error: toolError(message) }
  }
  const tool = async <T>(name: string, args: Record<string, unknown> = {}): Promise<T> => {
    const { status, text, message, error } = await answer(name, args)
    const result = message['result'] as { structuredContent?: T } | undefined
    if (result?.structuredContent !== undefined && error === undefined) return result.structuredContent
    throw new Error(`${name} was refused with status ${status}: ${text}`)
  }
  return {
    answer,
    tool,
    async list() {
      const documents: Listed[] = []
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await tool<{ documents: Listed[]; next_cursor?: string }>('list_documents', {
          limit: 100,
          ...(cursor === undefined ? {} : { cursor }),
        })
        documents.push(...page.documents)
        cursor = page.next_cursor
      }
      return documents
    },
  }
}

/** The JSON of a body that is JSON, or the data of a stream of one event. */
function messageIn(text: string): Record<string, unknown> {
  const data = /^data: (.*)$/m.exec(text)?.[1] ?? text
  return JSON.parse(data) as Record<string, unknown>
}

function toolError(message: Record<string, unknown>): ToolError | undefined {
  const result = message['result'] as { isError?: boolean; content?: { text: string }[] } | undefined
  if (result?.isError !== true) return undefined
  return (JSON.parse(result.content?.[0]?.text ?? '{}') as { error: ToolError }).error
}
