// Who calls by a session's cookie, for routes that take tokens too. A header beside the cookie decides alone: a program
// that brings a token must never act as whoever happens to be signed in.
import type { FastifyRequest } from 'fastify'
import type { Principal } from '../../../gate/call.ts'
import type { Sessions } from '../../../gate/sign-in/sessions.ts'
import { fault } from '../../../platform/faults.ts'
import { sessionCookie } from './cookie.ts'
import { requireOwnPage, requireSameOrigin } from './same-origin.ts'

export interface SessionAuthentication {
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly publicUrl: string
}

/** Where a page believes to act: a tenant's id, or `deployment`. */
const PLACE = 'gatehouse-place'

/**
 * The principal of the request's session; undefined when it has an Authorization header or no cookie. Throws
 * `unauthenticated` for a session that has ended, `forbidden` for a request from another site, and `conflict` for one
 * that was meant for another place than the session acts in by now.
 */
export function sessionAuthenticator({ sessions, publicUrl }: SessionAuthentication) {
  const cookie = sessionCookie(publicUrl)
  return async function authenticateSession(request: FastifyRequest): Promise<Principal | undefined> {
    if (request.headers.authorization !== undefined) return undefined
    const secret = cookie.read(request.headers.cookie)
    if (secret === undefined) return undefined
    requireSameOrigin(request, { publicUrl, isStrict: true })
    requireOwnPage(request)
    const principal = await sessions.authenticate(secret)
    requirePlace(request.headers[PLACE], principal)
    return principal
  }
}

/** All tabs of a browser share one session: what was written in one tenant must not end up in another. */
function requirePlace(meant: string | string[] | undefined, principal: Principal): void {
  const place = principal.realm === 'tenant' ? principal.tenantId : 'deployment'
  if (meant === undefined || meant === place) return
  throw fault('conflict', {
    reason: 'other_place',
    say: 'This page was opened in another tenant than the one you are in now; nothing was done. Load it again.',
  })
}
