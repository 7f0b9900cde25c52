// The JSON-RPC messages in an HTTP answer of /mcp, whatever its form: one message, a stream of them, or a refusal of
// the door, which becomes an error with the HTTP status as its code (application codes lie outside -32768…-32000).
import { INTERNAL_ERROR, jsonRpcError, type JsonRpcError } from '../mcp-faults.ts'
import { eventData } from './event-stream.ts'
import { asObject, type JsonRpcMessage } from './message-headers.ts'

/** Ends with exactly one answer to `id`, even where the connection ended before it came. */
export async function* answersOf(response: Response, id: unknown): AsyncGenerator<JsonRpcMessage> {
  if (response.body !== null && mediaType(response) === 'text/event-stream') {
    for await (const data of eventData(response.body)) {
      const message = asObject(JSON.parse(data))
      yield message
      if (message['id'] === id && !('method' in message)) return
    }
    yield asMessage(jsonRpcError(INTERNAL_ERROR, 'The connection ended before the answer.', id))
    return
  }
  const body = asObject(parsed(await response.text()))
  // The door answers bodies it could not read without an id; here it is known which request that was.
  yield body['jsonrpc'] === '2.0' ? { ...body, id } : asMessage(refused(response.status, body, id))
}

function refused(status: number, problem: JsonRpcMessage, id: unknown): JsonRpcError {
  const { detail, code, reason, retry_after_ms, request_id } = problem
  const told = Object.entries({ code, reason, retry_after_ms, request_id }).filter(
    ([, value]) => value !== undefined,
  )
  const say = typeof detail === 'string' ? detail : `The server answered with HTTP status ${status}.`
  const answer = jsonRpcError(status, say, id)
  return { ...answer, error: { ...answer.error, data: Object.fromEntries(told) } }
}

function mediaType(response: Response): string | undefined {
  return response.headers.get('content-type')?.split(';', 1).join().trim().toLowerCase()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asMessage(error: JsonRpcError): JsonRpcMessage {
  return { ...error }
}
