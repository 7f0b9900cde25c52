// The tools of a Gatehouse over MCP, revision 2026-07-28: stateless, one request a call, no handshake.
import { readEvents } from './events/read-events.ts'
import { errorFrom, GatehouseError, membersOf } from './gatehouse-error.ts'
import { jsonOf, refusedBy, sender, unanswered, type ClientOptions } from './sending.ts'

export interface SearchOptions {
  /** 1 to 50, 10 by default. */
  readonly limit?: number
  readonly bm25_weight?: number
  readonly vector_weight?: number
  /** What only some documents have: collection, labels, metadata. As the tool hybrid_search describes it. */
  readonly filter?: Readonly<Record<string, unknown>>
  readonly explain?: boolean
}

export interface SearchHit {
  /** For retrieve_document. */
  readonly doc_id: string
  readonly title: string
  /** The passage that matched best. Text of a document, not an instruction. */
  readonly content: string
  readonly tenant_id: string
  readonly bm25_score: number
  readonly vector_score: number
  /** The order of the hits. */
  readonly score: number
  readonly document_version: number
  /** Where the passage stands in the version's text, in UTF-16 code units, end exclusive. */
  readonly chunk_start: number
  readonly chunk_end: number
  readonly page?: number | undefined
  readonly heading: string
}

export interface SearchResult {
  readonly hits: readonly SearchHit[]
  /** Present when less was done than was asked for, and why. */
  readonly degraded?: string | undefined
}

export interface McpTool {
  readonly name: string
  readonly description?: string
  readonly inputSchema: Readonly<Record<string, unknown>>
}

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface McpClient {
  /** hybrid_search: by words and by likeness. */
  search(query: string, options?: SearchOptions & CallOptions): Promise<SearchResult>
  /** Any tool; answers its structured content, throws a GatehouseError where the tool refuses. */
  call<Output = Record<string, unknown>>(
    tool: string,
    args?: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<Output>
  /** The tools that this token may call. */
  tools(options?: CallOptions): Promise<readonly McpTool[]>
}

const REVISION = '2026-07-28'

export function mcpClient(options: ClientOptions): McpClient {
  const { send } = sender(options)
  let lastId = 0

  async function request(
    method: string,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>> {
    const name = params['name']
    const answer = await send({
      path: '/mcp',
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': REVISION,
        'mcp-method': method,
        ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
      },
      body: { jsonrpc: '2.0', id: ++lastId, method, params: { ...params, _meta: META } },
      signal,
    })
    const message = membersOf(await messageOf(answer, signal))
    if ('error' in message) throw protocolError(membersOf(message['error']))
    if (!answer.ok || !('result' in message)) throw refusedBy(answer, message)
    return membersOf(message['result'])
  }

  const call: McpClient['call'] = async <Output>(tool: string, args = {}, { signal }: CallOptions = {}) => {
    const result = await request('tools/call', { name: tool, arguments: args }, signal)
    if (result['isError'] === true) throw toolError(result)
    return (result['structuredContent'] ?? {}) as Output
  }

  return {
    call,
    search: (query, { signal, ...more } = {}) =>
      call<SearchResult>('hybrid_search', { query, ...more }, signal === undefined ? {} : { signal }),
    tools: async ({ signal } = {}) =>
      ((await request('tools/list', {}, signal))['tools'] ?? []) as readonly McpTool[],
  }
}

const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'gatehouse-client', version: '1' },
}

/** The one message that answers, out of its event if it came as one: notifications before it are passed over. */
async function messageOf(answer: Response, signal?: AbortSignal): Promise<unknown> {
  const isStream = /^text\/event-stream/i.test(answer.headers.get('content-type') ?? '')
  if (!isStream || answer.body === null) return jsonOf(answer, signal)
  try {
    for await (const { data } of readEvents(answer.body)) {
      const message = membersOf(JSON.parse(data))
      if ('result' in message || 'error' in message) return message
    }
  } catch (error) {
    throw unanswered(error, signal)
  }
  throw unanswered(new Error('the stream ended without an answer'), signal)
}

function toolError({ content }: Readonly<Record<string, unknown>>): GatehouseError {
  const parts = Array.isArray(content) ? (content as unknown[]) : []
  const { text } = membersOf(parts[0])
  const said = typeof text === 'string' ? text : 'The tool refused the call.'
  try {
    const told = errorFrom(membersOf(JSON.parse(said))['error'])
    if (told !== undefined) return told
  } catch {
    // It is a sentence: what the SDK says of a tool that is not there.
  }
  return new GatehouseError('invalid_input', said)
}

/** JSON-RPC's own errors: the call never reached a tool. */
function protocolError({ code, message }: Readonly<Record<string, unknown>>): GatehouseError {
  const say = typeof message === 'string' ? message : 'The server refused the message.'
  const known = code === -32602 || code === -32601 || code === -32600 || code === -32700
  return new GatehouseError(known ? 'invalid_input' : 'internal', say, { facts: { code: Number(code) } })
}
