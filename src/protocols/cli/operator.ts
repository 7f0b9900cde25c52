// What a command asks of a Gatehouse, running or opened for it: operations by name.
import { type Fault, FAULTS, fault, type FaultCode, type FieldIssue } from '../../platform/faults.ts'
import type { Post } from './socket-client.ts'

export interface Operator {
  /** Runs a deployment operation; a refusal is thrown as the same fault the server threw. */
  run(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>>
  readonly post: Post
  /** Ends what was opened for the command; a server that was running already goes on. */
  close(): Promise<void>
}

export function operatorOver(post: Post, close: () => Promise<void>): Operator {
  return {
    post,
    close,
    async run(operation, input) {
      const answer = await post({ path: `/operations/${operation}`, body: JSON.stringify(input) })
      const body = (await answer.json()) as Record<string, unknown>
      if (answer.ok) return body
      throw refusal(body)
    },
  }
}

/** A problem document (RFC 9457) as the fault it was made from. */
function refusal(problem: Record<string, unknown>): Fault {
  const { code, detail, reason, issues } = problem
  const known = typeof code === 'string' && code in FAULTS ? (code as FaultCode) : 'internal'
  return fault(known, {
    ...(typeof detail === 'string' ? { say: detail } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(Array.isArray(issues) ? { issues: issues as FieldIssue[] } : {}),
  })
}
