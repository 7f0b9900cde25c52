// The envelope of JSON-RPC 2.0. The SDK's transport takes a request without id and answers a batch with the wrong code,
// so it is read here.
import { fault, type Fault } from '../../../platform/faults.ts'
import type { RpcId } from '../errors/error-bodies.ts'

export interface RpcRequest {
  readonly id: RpcId
  readonly method: string
  readonly params: unknown
}

/** Throws `invalid_request`. */
export function readEnvelope(body: unknown): RpcRequest {
  if (Array.isArray(body)) throw invalid('Send one JSON-RPC request at a time: A2A has no batches.')
  if (!isObject(body)) throw invalid('The body must be a JSON-RPC request.')
  const { jsonrpc, id, method, params } = body
  if (jsonrpc !== '2.0') throw invalid('jsonrpc must be "2.0".')
  if (id === undefined) throw invalid('A request needs an id: A2A has no notifications.')
  if (!isId(id)) throw invalid(`The id must be a text of at most ${LONGEST_ID} characters or a whole number.`)
  if (typeof method !== 'string' || method === '') throw invalid('method must be the name of a method.')
  return { id, method, params }
}

/** What an answer to it bears: null where none could be read. */
export function idOf(body: unknown): RpcId {
  return isObject(body) && isId(body['id']) ? body['id'] : null
}

/** -32602 for whatever is no object. */
export function requireObject(params: unknown): Record<string, unknown> {
  if (isObject(params)) return params
  throw fault('invalid_input', { reason: 'invalid_params', say: 'params must be an object.' })
}

function invalid(say: string): Fault {
  return fault('invalid_input', { reason: 'invalid_request', say })
}

function isId(id: unknown): id is RpcId {
  return id === null || (typeof id === 'string' && id.length <= LONGEST_ID) || Number.isSafeInteger(id)
}

/** It stands in every event of a stream: one as long as a body would be sent, and kept, as often as there are events. */
const LONGEST_ID = 500

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
