// The headers that carry a JSON-RPC message over HTTP. A message of revision 2026-07-28 names its revision itself and
// mirrors method and name; an older one relies on what `initialize` agreed.

export type JsonRpcMessage = Readonly<Record<string, unknown>>

const REVISION_KEY = 'io.modelcontextprotocol/protocolVersion'
/** Which parameter Mcp-Name mirrors (transport, "Standard headers"; tasks/* by their extension). */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
}

/** `agreed` is the revision of the last `initialize`, for messages that name none. */
export function messageHeaders(message: JsonRpcMessage, agreed: string | undefined): Record<string, string> {
  const media = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const method = typeof message['method'] === 'string' ? message['method'] : undefined
  const params = asObject(message['params'])
  const revision = asObject(params['_meta'])[REVISION_KEY]
  if (typeof revision !== 'string') {
    const isAgreed = agreed !== undefined && method !== 'initialize'
    return isAgreed ? { ...media, 'mcp-protocol-version': headerValue(agreed) } : media
  }
  const name = params[NAMED_BY[method ?? ''] ?? '']
  return {
    ...media,
    'mcp-protocol-version': headerValue(revision),
    ...(method === undefined ? {} : { 'mcp-method': headerValue(method) }),
    ...(typeof name === 'string' ? { 'mcp-name': headerValue(name) } : {}),
  }
}

/** A value that is no plain header text travels as base64 between marks (transport, "Value encoding"). */
function headerValue(value: string): string {
  const isPlain = /^(?! )[\x20-\x7e]*(?<! )$/.test(value) && !value.startsWith('=?base64?')
  return isPlain ? value : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`
}

export function asObject(value: unknown): JsonRpcMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRpcMessage) : {}
}
