// HTTP to the server's owner-only Unix socket: how every command reaches a running Gatehouse.
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { fault } from '../../platform/faults.ts'

export interface Posting {
  readonly path: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** The reason of `unavailable` when there was no answer at all: the server may be back shortly. */
export const NO_SERVER = 'no_server'

export type Post = (posting: Posting) => Promise<Response>

/** A `post` bound to a socket. Aborting the signal closes the connection, which stops the call in the server. */
export function socketClient(socketPath: string): Post {
  return ({ path, body, headers = {}, signal }) =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        socketPath,
        path,
        method: 'POST',
        headers: {
          host: 'localhost',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
        ...(signal === undefined ? {} : { signal }),
      })
      outgoing.once('error', error => reject(unreachable(error)))
      outgoing.once('response', answer => {
        const fields = Object.entries(answer.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        )
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array>
        const status = answer.statusCode ?? 500
        resolve(new Response(status === 204 ? null : stream, { status, headers: fields }))
      })
      outgoing.end(body)
    })
}

function unreachable(error: NodeJS.ErrnoException): Error {
  if (error.name === 'AbortError') return fault('cancelled', { because: error })
  return fault('unavailable', {
    reason: NO_SERVER,
    say: `Gatehouse does not answer on its socket (${error.code ?? error.message}).`,
    because: error,
  })
}
