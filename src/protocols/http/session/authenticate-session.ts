// Who calls by a session's cookie, for routes that take tokens too. A header beside the cookie decides alone: a program
// that brings a token must never act as whoever happens to be signed in.
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../../gate/call.ts'
import type { Sessions } from '../../../gate/sign-in/sessions.ts'
import { sessionCookie } from './cookie.ts'
import { requireSameOrigin } from './same-origin.ts'

export interface SessionAuthentication {
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly publicUrl: string
}

/**
 * The principal of the request's session; undefined when it has an Authorization header or no cookie. Throws
 * `unauthenticated` for a session that has ended and `forbidden` for a request from another site.
 */
export function sessionAuthenticator({ sessions, publicUrl }: SessionAuthentication) {
  const cookie = sessionCookie(publicUrl)
  return async function authenticateSession(request: FastifyRequest): Promise<Principal | undefined> {
    if (request.headers.authorization !== undefined) return undefined
    const secret = cookie.read(request.headers.cookie)
    if (secret === undefined) return undefined
    requireSameOrigin(request, { publicUrl, isStrict: true })
    return sessions.authenticate(secret)
  }
}
