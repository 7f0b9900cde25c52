// The two bodies of a refusal: a JSON-RPC error object, and google.rpc.Status for HTTP+JSON.
import type { Fault } from '../../../platform/faults.ts'
import { a2aError, explained } from './a2a-faults.ts'

export type RpcId = string | number | null

export interface RpcError {
  readonly jsonrpc: '2.0'
  readonly id: RpcId
  readonly error: { readonly code: number; readonly message: string; readonly data: readonly unknown[] }
}

/** `code` where the fault's own would not say that the request itself could not be read. */
export function rpcErrorBody(
  problem: Fault,
  { id, requestId, code = a2aError(problem).code }: { id: RpcId; requestId: string; code?: number },
): RpcError {
  const { message, details } = explained(problem, requestId)
  return { jsonrpc: '2.0', id, error: { code, message, data: details } }
}

export function restErrorBody(
  problem: Fault,
  { requestId, status = a2aError(problem).status }: { requestId: string; status?: number },
): Record<string, unknown> {
  const { message, details } = explained(problem, requestId)
  return { error: { code: status, status: a2aError(problem).name, message, details } }
}
