// HTTP to the owner-only Unix socket of a data folder: how a command reaches the Gatehouse that runs there.
import { request } from 'node:http'
import { fault } from '../../../platform/faults.ts'
import { NO_SERVER, type Post } from './connection.ts'
import { asResponse } from './url-way.ts'

/** A `post` bound to a socket. */
export function socketWay(socketPath: string): Post {
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
      outgoing.once('response', answer => resolve(asResponse(answer)))
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
