// Signing in over JSON: the session, its password and the one-time links. These are the calls that need no token; what
// they need instead stands at each.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SessionView } from '../../../gate/sign-in/session/session-view.ts'
import { unauthenticated } from '../../../gate/tokens/unauthenticated.ts'
import { sessionCookie, type SessionCookie } from './cookie.ts'
import { POSTED, posted } from './posted.ts'
import { requireSameOrigin } from './same-origin.ts'
import type { SessionDeps } from './session-deps.ts'

/** A password or a link's code is a few bytes. */
const SMALL = { bodyLimit: 16_384 }

/** Mounts /api/session and /api/links. Answers are SessionViews; a wrong Content-Type has got its 415 before. */
export function mountSessionRoutes(app: FastifyInstance, deps: SessionDeps): void {
  app.register((routes, _options, registered) => {
    const cookie = sessionCookie(deps.publicUrl)
    routes.addHook('onRequest', async request => {
      const isStrict = cookie.read(request.headers.cookie) !== undefined
      requireSameOrigin(request, { publicUrl: deps.publicUrl, isStrict })
    })
    mountSession(routes, deps, cookie)
    mountLinks(routes, deps, cookie)
    registered()
  })
}

function mountSession(routes: FastifyInstance, deps: SessionDeps, cookie: SessionCookie): void {
  const { sessions } = deps
  routes.post('/api/session', SMALL, async (request, reply) => {
    const credentials = { ...posted(POSTED.signIn, request.body), address: request.ip }
    return begun(request, reply, deps, await deps.signIn(credentials, cookie.read(request.headers.cookie)))
  })
  routes.get('/api/session', async request => viewOf(deps, ownCookie(cookie, request)))
  routes.put('/api/session', SMALL, async request => {
    const secret = ownCookie(cookie, request)
    await sessions.switchTo(secret, posted(POSTED.target, request.body))
    return viewOf(deps, secret)
  })
  routes.delete<{ Querystring: { everywhere?: string } }>('/api/session', async (request, reply) => {
    const secret = cookie.read(request.headers.cookie)
    if (secret !== undefined && request.query.everywhere === 'true') await sessions.endEverywhere(secret)
    else if (secret !== undefined) await sessions.end(secret)
    return reply.header('set-cookie', cookie.clear()).code(204).send()
  })
  routes.put('/api/session/password', SMALL, async (request, reply) => {
    const secret = ownCookie(cookie, request)
    const { current, new: next } = posted(POSTED.passwordChange, request.body)
    await deps.change(secret, { current, next, address: request.ip })
    return reply.code(204).send()
  })
}

function mountLinks(routes: FastifyInstance, deps: SessionDeps, cookie: SessionCookie): void {
  const before = (request: FastifyRequest) => cookie.read(request.headers.cookie)
  routes.post('/api/links/first-run', SMALL, async (request, reply) => {
    const operator = { ...posted(POSTED.firstRun, request.body), address: request.ip }
    return begun(request, reply, deps, await deps.begin(operator, before(request)))
  })
  routes.post('/api/links/invitation', SMALL, async (request, reply) => {
    const acceptance = { ...posted(POSTED.invitation, request.body), address: request.ip }
    return begun(request, reply, deps, await deps.acceptInvitation(acceptance, before(request)))
  })
  routes.post('/api/links/reset', SMALL, async (request, reply) => {
    const reset = { ...posted(POSTED.reset, request.body), address: request.ip }
    return begun(request, reply, deps, await deps.reset(reset, before(request)))
  })
}

function ownCookie(cookie: SessionCookie, request: FastifyRequest): string {
  const secret = cookie.read(request.headers.cookie)
  if (secret === undefined) throw unauthenticated('missing', 'no session cookie')
  return secret
}

async function begun(
  { headers: { host } }: FastifyRequest,
  reply: FastifyReply,
  deps: SessionDeps,
  secret: string,
): Promise<SessionView> {
  reply.header('set-cookie', sessionCookie(deps.publicUrl).set(secret, host))
  return viewOf(deps, secret)
}

async function viewOf({ sessions }: SessionDeps, secret: string): Promise<SessionView> {
  const view = await sessions.look(secret)
  if (view === undefined) throw unauthenticated('expired', 'no such session')
  return view
}
