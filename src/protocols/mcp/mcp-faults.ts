// How a fault looks over MCP. What an operation refuses is a tool result with isError, so that the model reads it and
// can mend its call; JSON-RPC errors are left to the protocol, and none has a code of ours in -32099…-32000.
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { Fault } from '../../platform/faults.ts'

/**
 * No structuredContent: older clients hold it against the output schema, errors too. What a program needs stands in the
 * text, and once more where hosts keep it from the model: `_meta`.
 */
export function toolError(problem: Fault, requestId: string): CallToolResult {
  const error = {
    code: problem.code,
    message: problem.say,
    ...(problem.reason === undefined ? {} : { reason: problem.reason }),
    ...(problem.issues.length === 0 ? {} : { issues: problem.issues }),
    ...(problem.facts === undefined ? {} : { facts: problem.facts }),
    ...(problem.retryAfterMs === undefined ? {} : { retry_after_ms: problem.retryAfterMs }),
    request_id: requestId,
  }
  return {
    isError: true,
    content: [{ type: 'text', text: JSON.stringify({ error }) }],
    ...(problem.facts === undefined ? {} : { _meta: { [ERROR_META]: error } }),
  }
}

export const ERROR_META = 'gatehouse/error'

export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const METHOD_NOT_FOUND = -32601
export const INTERNAL_ERROR = -32603

export interface JsonRpcError {
  readonly jsonrpc: '2.0'
  readonly id: string | number | null
  readonly error: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> }
}

/** An error for a message that never reached the protocol. `id` is null where none could be read. */
export function jsonRpcError(code: number, message: string, id: unknown = null): JsonRpcError {
  return {
    jsonrpc: '2.0',
    id: typeof id === 'string' || typeof id === 'number' ? id : null,
    error: { code, message },
  }
}
