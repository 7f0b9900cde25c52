// MCP on standard input and output for desktop clients: each line is posted to /mcp as a request of its own, each
// answer is written as a line. It decides nothing; the server behind /mcp authenticates, limits and answers.
import { isUtf8 } from 'node:buffer'
import type { Readable, Writable } from 'node:stream'
import { asFault } from '../../../platform/faults.ts'
import { INTERNAL_ERROR, INVALID_REQUEST, jsonRpcError, PARSE_ERROR } from '../mcp-faults.ts'
import { answersOf } from './answers.ts'
import { lines } from './lines.ts'
import { asObject, messageHeaders, type JsonRpcMessage } from './message-headers.ts'

export interface StdioBridgeOptions {
  readonly input: Readable
  /** Gets messages and nothing else. */
  readonly output: Writable
  readonly post: (posting: Posting) => Promise<Response>
  /** Good for at least the next request. */
  readonly accessToken: () => Promise<string>
  /** How long calls may go on when the client has closed its end; 10 s by default. */
  readonly drainMs?: number
}

export interface Posting {
  readonly path: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** Aborting it closes the connection, which stops the call in the server. */
  readonly signal: AbortSignal
}

/** What the server takes as a body, too. */
const MAX_LINE = 4 * 1024 * 1024

/** Resolves when the input has ended and every call with it. */
export async function stdioBridge({
  input,
  output,
  drainMs = 10_000,
  ...server
}: StdioBridgeOptions): Promise<void> {
  const exchanges = new Set<Exchange>()
  const abortAll = () => exchanges.forEach(exchange => exchange.controller.abort())
  // A client that reads no more has gone: nothing of what still runs can reach it.
  output.on('error', abortAll)
  const send = messageSender({ output, ...server })

  for await (const line of lines(input as AsyncIterable<Buffer>, MAX_LINE)) {
    const read = readMessage(line)
    if ('error' in read) await write(output, read.error)
    else if (read.message['method'] === 'notifications/cancelled') cancel(exchanges, read.message)
    // A client only answers what a server asked, and a stateless one asks nothing.
    else if (typeof read.message['method'] === 'string') begin(exchanges, read, send)
  }
  const patience = setTimeout(abortAll, drainMs)
  await Promise.all([...exchanges].map(exchange => exchange.ended))
  clearTimeout(patience)
}

interface Exchange {
  readonly id: unknown
  readonly controller: AbortController
  ended: Promise<void>
}

interface ReadMessage {
  readonly text: string
  readonly message: JsonRpcMessage
}

function readMessage(line: Buffer | undefined): ReadMessage | { readonly error: object } {
  if (line === undefined) return { error: jsonRpcError(INVALID_REQUEST, 'The message is larger than 4 MiB.') }
  const text = line.toString('utf8')
  try {
    if (!isUtf8(line)) throw new SyntaxError('not UTF-8')
    const message: unknown = JSON.parse(text)
    const isMessage = typeof message === 'object' && message !== null && !Array.isArray(message)
    return isMessage
      ? { text, message: asObject(message) }
      : { error: jsonRpcError(INVALID_REQUEST, 'Send one JSON-RPC message a line.') }
  } catch {
    return { error: jsonRpcError(PARSE_ERROR, 'The line is not valid JSON.') }
  }
}

type Send = (read: ReadMessage, signal: AbortSignal) => Promise<void>

function begin(exchanges: Set<Exchange>, read: ReadMessage, send: Send): void {
  const controller = new AbortController()
  const exchange: Exchange = { id: read.message['id'], controller, ended: Promise.resolve() }
  exchanges.add(exchange)
  exchange.ended = send(read, controller.signal).finally(() => exchanges.delete(exchange))
}

function cancel(exchanges: ReadonlySet<Exchange>, message: JsonRpcMessage): void {
  const { requestId } = asObject(message['params'])
  for (const { id, controller } of exchanges) {
    if (id !== undefined && id === requestId) controller.abort()
  }
}

/** Posts a message and writes what is answered; never throws. A cancelled request is answered by nothing. */
function messageSender({
  output,
  post,
  accessToken,
}: Pick<StdioBridgeOptions, 'output' | 'post' | 'accessToken'>): Send {
  let agreed: string | undefined
  return async function send({ text, message }, signal) {
    const { id, method } = message
    try {
      const headers = { ...messageHeaders(message, agreed), authorization: `Bearer ${await accessToken()}` }
      const response = await post({ path: '/mcp', body: text, headers, signal })
      if (id === undefined) return await response.body?.cancel()
      for await (const answer of answersOf(response, id)) {
        const revision = asObject(answer['result'])['protocolVersion']
        if (method === 'initialize' && typeof revision === 'string') agreed = revision
        await write(output, answer)
      }
    } catch (error) {
      if (signal.aborted || id === undefined) return
      await write(output, jsonRpcError(INTERNAL_ERROR, asFault(error).say, id))
    }
  }
}

/** Resolves when the line has left, so that nobody writes faster than the client reads. */
function write(output: Writable, message: object): Promise<void> {
  return new Promise(resolve => {
    output.write(`${JSON.stringify(message)}\n`, () => resolve())
  })
}
