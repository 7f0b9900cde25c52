// The page under /app, for whoever is signed in; its scripts and styles, for everybody. Which view a path means, and
// that a view is not there, the page says itself.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fault } from '../../../platform/faults.ts'
import { sessionCookie } from '../session/cookie.ts'
import { html } from '../session/pages/html.ts'
import { sendPage } from '../session/pages/layout.ts'
import { sendProblemPage } from '../session/pages/problem-page.ts'
import { safePath } from '../session/pages/safe-path.ts'
import type { SessionDeps } from '../session/session-deps.ts'
import type { Asset, BuiltPage } from './built-page.ts'
import { encodingFor } from './content-encoding.ts'
import { PAGE_HEADERS } from './page-headers.ts'

export interface PageDeps {
  readonly sessions: Pick<SessionDeps['sessions'], 'look'>
  readonly publicUrl: string
  /** Undefined where the page was not built: then /app says how to. */
  readonly page: BuiltPage | undefined
}

const ASSETS = '/app/assets/'

export function mountPage(app: FastifyInstance, deps: PageDeps): void {
  app.get('/', async ({ headers }, reply) => {
    // A program asked for what is not here; a person means the page.
    if (!headers.accept?.includes('text/html')) throw nothingHere()
    return reply.redirect('/app', 303)
  })
  app.get(`${ASSETS}*`, async (request, reply) => {
    const asset = deps.page?.assets.get(pathOf(request).slice(ASSETS.length))
    if (asset === undefined) throw nothingHere()
    return sendAsset(request, reply, asset)
  })
  app.register((pages, _options, registered) => {
    pages.setErrorHandler((error, request, reply) => sendProblemPage(reply, request, error))
    const cookie = sessionCookie(deps.publicUrl)
    const enter = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const secret = cookie.read(request.headers.cookie)
      const isIn = secret !== undefined && (await deps.sessions.look(secret)) !== undefined
      if (!isIn) return reply.redirect(signInFor(request.url), 303)
      return deps.page === undefined ? sendNotBuilt(reply) : sendIndex(reply, deps.page)
    }
    pages.get('/app', enter)
    pages.get('/app/*', enter)
    registered()
  })
}

/** As it was sent: what is encoded in it is the name of nothing. */
function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1).join()
}

function nothingHere() {
  return fault('not_found', { say: 'There is nothing at this path.' })
}

/** Signing in leads back to where somebody was going. */
function signInFor(url: string): string {
  const next = safePath(url)
  return next === '/app' ? '/app/sign-in' : `/app/sign-in?next=${encodeURIComponent(next)}`
}

function sendIndex(reply: FastifyReply, { index }: BuiltPage): FastifyReply {
  return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(index)
}

function sendAsset({ headers }: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  const encoding = encodingFor(headers['accept-encoding'], [...asset.encoded.keys()])
  if (encoding !== undefined) reply.header('content-encoding', encoding)
  const bytes = encoding === undefined ? undefined : asset.encoded.get(encoding)
  return reply
    .headers({ 'cache-control': 'public, max-age=31536000, immutable', vary: 'Accept-Encoding' })
    .type(asset.type)
    .send(bytes ?? asset.whole)
}

function sendNotBuilt(reply: FastifyReply): FastifyReply {
  const title = 'The page is not built'
  const body = html`<h1>${title}</h1>
<p>You are signed in, and MCP, A2A, the API and the command line work. Only this page is missing.</p>
<p>Whoever runs the server builds it with <code>npm run build:web</code> and starts the server again.</p>`
  return sendPage(reply, { title, body }, 503)
}
