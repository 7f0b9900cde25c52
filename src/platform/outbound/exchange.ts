// One HTTP request and its answer, as plain as it gets: no redirects, no cookies, no compression. The only place in
// the product that opens a connection to somebody else's server over HTTP.
import { Agent, request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as overHttps } from 'node:https'
import type { Fault } from '../faults.ts'
import type { Address } from './egress-guard.ts'

export interface Exchange {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Connects here and nowhere else, whatever the name resolves to by now. TLS goes on asking for the name. */
  readonly pinned?: Address
  /** Keeps connections for the next call. Absent: a connection of its own, closed afterwards. */
  readonly agent?: Agent
}

/** Connections to a server that are kept from one call to the next, until they are destroyed. */
export function keptConnections({ protocol }: URL): Agent {
  return protocol === 'https:' ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
}

/** The answer's head; the body is read by whoever asked. Rejects with Node's error when there is no answer. */
export function exchange({
  url,
  method,
  headers,
  body,
  signal,
  pinned,
  agent,
}: Exchange): Promise<IncomingMessage> {
  const options: RequestOptions = {
    method,
    headers: { ...headers, 'user-agent': 'gatehouse', 'accept-encoding': 'identity' },
    signal,
    agent: agent ?? false,
    ...(pinned === undefined ? {} : pinnedTo(pinned)),
  }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, options)
  request.on('response', resolve)
  // Stays after the answer's head: an abort is reported here as well as to the reader of the body.
  request.on('error', reject)
  request.end(body)
  return promise
}

/** The body as it comes, at most `maxBytes` of it. Whoever stops reading closes the connection. */
export async function* bodyUpTo(
  response: IncomingMessage,
  maxBytes: number,
  tooLarge: () => Fault,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw tooLarge()
      yield chunk
    }
  } finally {
    // Once complete, the connection is back with its agent and stays open.
    if (!response.complete) response.destroy()
  }
}

/** False when the body is compressed although we asked for it plain: unpacking is where a small answer gets large. */
export function isPlain(response: IncomingMessage): boolean {
  return /^(identity)?$/i.test(response.headers['content-encoding']?.trim() ?? '')
}

function pinnedTo({ address, family }: Address): RequestOptions {
  return {
    family,
    lookup: (_host, { all }, found) =>
      all ? found(null, [{ address, family }]) : found(null, address, family),
  }
}
