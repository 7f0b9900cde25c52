// A2A 1.0 over JSON-RPC: one request and its answer, or its stream of answers; errors of that wire as ours.
import { readEvents } from '../events/read-events.ts'
import {
  codeOfStatus,
  GatehouseError,
  isCode,
  membersOf,
  retryAfter,
  type GatehouseErrorCode,
} from '../gatehouse-error.ts'
import { jsonOf, refusedBy, unanswered, type Send } from '../sending.ts'

type Members = Readonly<Record<string, unknown>>

export interface Asking {
  readonly method: string
  readonly params: Members
  /** The URI of the extension that numbers events. */
  readonly extension: string
  readonly lastEventId?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Rpc {
  /** The result. */
  ask(asking: Asking): Promise<Members>
  /** Each result with the id of its event. Throws before the first where the server refuses. */
  stream(asking: Asking): AsyncGenerator<{ readonly id: string; readonly result: Members }>
}

const PATH = '/a2a'

export function rpcOver(send: Send): Rpc {
  let lastId = 0

  const posted = ({ method, params, extension, lastEventId, signal }: Asking, accept: string) =>
    send({
      path: PATH,
      headers: {
        accept,
        'a2a-version': '1.0',
        'a2a-extensions': extension,
        ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      },
      body: { jsonrpc: '2.0', id: ++lastId, method, params },
      signal,
    })

  return {
    async ask(asking) {
      const answer = await posted(asking, 'application/json')
      return resultOf(answer, await jsonOf(answer, asking.signal))
    },
    async *stream(asking) {
      const answer = await posted(asking, 'text/event-stream, application/json')
      const isStream = /^text\/event-stream/i.test(answer.headers.get('content-type') ?? '')
      if (!answer.ok || !isStream || answer.body === null) {
        resultOf(answer, await jsonOf(answer, asking.signal))
        throw new GatehouseError('internal', 'The server did not answer with a stream.')
      }
      try {
        for await (const { id, data } of readEvents(answer.body))
          yield { id, result: resultOf(answer, JSON.parse(data)) }
      } catch (error) {
        throw unanswered(error, asking.signal)
      }
    },
  }
}

function resultOf(answer: Response, body: unknown): Members {
  const { error, result } = membersOf(body)
  if (error !== undefined) throw errorOf(membersOf(error), answer)
  if (!answer.ok || result === undefined) throw refusedBy(answer, body)
  return membersOf(result)
}

/** What the specification's errors mean, where the server says no more. */
const MEANING: Readonly<Record<number, readonly [GatehouseErrorCode, string?]>> = {
  [-32001]: ['not_found', 'unknown_task'],
  [-32002]: ['conflict', 'task_not_cancelable'],
  [-32003]: ['unsupported'],
  // One error for all that a task cannot do; of a task of ours it means that it has ended.
  [-32004]: ['unsupported', 'task_ended'],
  [-32005]: ['unsupported'],
  [-32007]: ['unsupported'],
  [-32008]: ['unsupported'],
  [-32009]: ['unsupported'],
  [-32600]: ['invalid_input'],
  [-32601]: ['unsupported'],
  [-32602]: ['invalid_input'],
  [-32700]: ['invalid_input'],
}

function errorOf({ code, message, data }: Members, answer: Response): GatehouseError {
  const say = typeof message === 'string' ? message : 'The server refused the call.'
  const { reason, metadata, retryMs = retryAfter(answer.headers) } = detailsOf(data)
  const [meant, known = reason] = MEANING[Number(code)] ?? [meaningOf(Number(code), reason, answer)]
  return new GatehouseError(known === 'message_reused' ? 'conflict' : meant, say, {
    ...(known === undefined ? {} : { reason: known }),
    ...(retryMs === undefined ? {} : { retryAfterMs: retryMs }),
    ...(metadata === undefined ? {} : { facts: metadata }),
  })
}

/** What A2A has no error for is named by its HTTP status, also within a stream; an internal error may name its kind. */
function meaningOf(code: number, reason: string | undefined, answer: Response): GatehouseErrorCode {
  if (code >= 400 && code < 600) return codeOfStatus(code)
  if (isCode(reason)) return reason
  return answer.ok ? 'internal' : codeOfStatus(answer.status)
}

interface Details {
  /** Our own word; none where A2A has a word of its own. */
  readonly reason?: string
  readonly metadata?: Members
  readonly retryMs?: number
}

/** google.rpc's kinds of detail. */
function detailsOf(data: unknown): Details {
  const details = (Array.isArray(data) ? (data as unknown[]) : []).map(membersOf)
  const kind = (name: string): Members =>
    details.find(detail => String(detail['@type']).endsWith(`/google.rpc.${name}`)) ?? {}
  const { domain, reason, metadata } = kind('ErrorInfo')
  const delay = /^(\d+(?:\.\d+)?)s$/.exec(String(kind('RetryInfo')['retryDelay']))?.[1]
  return {
    ...(domain === 'gatehouse' && typeof reason === 'string' ? { reason: reason.toLowerCase() } : {}),
    ...(metadata === undefined ? {} : { metadata: membersOf(metadata) }),
    ...(delay === undefined ? {} : { retryMs: Number(delay) * 1000 }),
  }
}
