// One way to ask a Gatehouse, whichever it is: the one on this data folder (over its socket) or one at a URL. A
// command sees operations and faults, never which of them it was.
import { type Fault, FAULTS, fault, type FaultCode, type FieldIssue } from '../../../platform/faults.ts'

export interface Asking {
  /** Sent as the credential; without it the connection's own, or none: on the socket that is the operator. */
  readonly token?: string
  readonly signal?: AbortSignal
}

export interface Connection {
  /** Runs an operation; a refusal is thrown as the same fault the server threw. */
  post(operation: string, input: Record<string, unknown>, asking?: Asking): Promise<Record<string, unknown>>
}

export interface Posting {
  /** From the root: "/api/list_tenants". */
  readonly path: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Aborting it closes the connection, which stops the call in the server. */
  readonly signal?: AbortSignal
}

/** Sends one request. Rejects with `unavailable` when there was no answer, with `cancelled` when the caller left. */
export type Post = (posting: Posting) => Promise<Response>

/** The reason of `unavailable` when there was no answer at all: the server may be back shortly. */
export const NO_SERVER = 'no_server'

export function connectionOver(post: Post, ownToken?: string): Connection {
  return {
    async post(operation, input, { token = ownToken, signal } = {}) {
      const answer = await post({
        path: `/api/${operation}`,
        body: JSON.stringify(input),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...(signal === undefined ? {} : { signal }),
      })
      const body = await bodyOf(answer, signal)
      if (answer.ok) return body
      throw refusal(body, answer.status)
    },
  }
}

/** The connection may break between the head of an answer and its end: that is no answer. */
async function bodyOf(answer: Response, signal: AbortSignal | undefined): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await answer.text()
  } catch (error) {
    if (signal?.aborted === true) throw fault('cancelled', { because: error })
    throw unanswered('The connection to Gatehouse broke before its answer was there.', error)
  }
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch (error) {
    throw unanswered(`What answers there (status ${answer.status}) is no Gatehouse.`, error)
  }
}

function unanswered(say: string, because: unknown): Fault {
  return fault('unavailable', { reason: NO_SERVER, say, because })
}

/** A problem document (RFC 9457) as the fault it was made from. */
function refusal(problem: Record<string, unknown>, status: number): Fault {
  const { code, detail, reason, issues, facts, retry_after_ms: retryAfterMs } = problem
  if (typeof code !== 'string' || !(code in FAULTS)) {
    throw unanswered(`What answers there (status ${status}) is no Gatehouse.`, undefined)
  }
  return fault(code as FaultCode, {
    ...(typeof detail === 'string' ? { say: detail } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(Array.isArray(issues) ? { issues: issues as FieldIssue[] } : {}),
    ...(typeof facts === 'object' && facts !== null ? { facts: facts as NonNullable<Fault['facts']> } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  })
}
