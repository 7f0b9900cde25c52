// The pages under /app: forms that work without a script. A later page may take this folder's place and keep its routes.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asFault, fault, type Fault } from '../../../../platform/faults.ts'
import { siblingText } from '../../../../platform/sibling-file.ts'
import { asRefusal } from '../../http-faults.ts'
import { sessionCookie, type SessionCookie } from '../cookie.ts'
import { POSTED, posted } from '../posted.ts'
import { requireSameOrigin } from '../same-origin.ts'
import type { SessionDeps } from '../session-deps.ts'
import { accountPage } from './account-page.ts'
import { renderForm } from './form.ts'
import { formPages, type FormPage } from './form-pages.ts'
import { html } from './html.ts'
import { sendPage } from './layout.ts'
import { safePath } from './safe-path.ts'

type Posted = Readonly<Record<string, string>>
type PageRequest = FastifyRequest<{ Querystring: { next?: unknown; changed?: unknown }; Body: Posted }>

const FORM = 'application/x-www-form-urlencoded'
const SMALL = { bodyLimit: 16_384 }
/** By path: the file beside this module, and its type. */
const FILES = {
  '/app/style.css': ['style.css', 'text/css; charset=utf-8'],
  '/app/link.js': ['link.mjs', 'text/javascript; charset=utf-8'],
  '/app/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const

export function mountPages(app: FastifyInstance, deps: SessionDeps): void {
  app.register((pages, _options, registered) => {
    // In here alone: elsewhere a form is a wrong Content-Type.
    pages.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    pages.addHook('onRequest', async request =>
      requireSameOrigin(request, { publicUrl: deps.publicUrl, isStrict: true }),
    )
    pages.setErrorHandler((error, request, reply) => sendProblem(reply, request, error))
    const cookie = sessionCookie(deps.publicUrl)
    for (const page of formPages(deps)) mountFormPage(pages, deps, { page, cookie })
    mountAccountPage(pages, deps, cookie)
    mountFiles(pages)
    registered()
  })
}

interface Mounting {
  readonly page: FormPage
  readonly cookie: SessionCookie
}

function mountFormPage(pages: FastifyInstance, { sessions }: SessionDeps, { page, cookie }: Mounting): void {
  pages.get(page.path, async (request: PageRequest, reply) => {
    const secret = cookie.read(request.headers.cookie)
    const next = typeof request.query.next === 'string' ? request.query.next : undefined
    const isIn = !page.takesCode && secret !== undefined && (await sessions.look(secret)) !== undefined
    return isIn
      ? reply.redirect(safePath(next), 303)
      : sendForm(reply, page, { values: { next: safePath(next) } })
  })
  pages.post(page.path, SMALL, async (request: PageRequest, reply) => {
    const { next, ...values } = formOf(request)
    try {
      const caller = { address: request.ip, before: cookie.read(request.headers.cookie) }
      const secret = await page.begin(posted(page.schema, values), caller)
      reply.header('set-cookie', cookie.set(secret, request.headers.host))
      return await reply.redirect(safePath(next), 303)
    } catch (error) {
      return sendForm(reply, page, { values: { ...values, next: safePath(next) }, problem: asFault(error) })
    }
  })
}

function sendForm(
  reply: FastifyReply,
  page: FormPage,
  { values, problem }: { values: Posted; problem?: Fault },
): FastifyReply {
  const fields = [...page.fields, { name: 'next', label: '', type: 'hidden' as const }]
  const form = renderForm({ action: page.path, fields, submit: page.submit }, { values, problem })
  const body = html`<h1>${page.title}</h1>
${page.lead}
${form}
<p class="otherwise">${page.otherwise}</p>`
  const status = problem === undefined ? 200 : noted(reply, problem)
  return sendPage(reply, { title: page.title, body, takesCode: page.takesCode }, status)
}

function mountAccountPage(pages: FastifyInstance, deps: SessionDeps, cookie: SessionCookie): void {
  const { sessions } = deps
  const secretOf = (request: FastifyRequest): string => cookie.read(request.headers.cookie) ?? ''
  pages.get('/app', async (request: PageRequest, reply) => {
    const view = await sessions.look(secretOf(request))
    if (view === undefined) return reply.redirect('/app/sign-in', 303)
    const notice = request.query.changed === 'password' ? 'Your password was changed.' : undefined
    return sendPage(reply, accountPage(view, { notice }))
  })
  pages.post('/app/switch', SMALL, async (request: PageRequest, reply) => {
    const { tenant, deployment } = formOf(request)
    const target = deployment === undefined ? { tenant } : { deployment: deployment === 'true' }
    await sessions.switchTo(secretOf(request), posted(POSTED.target, target))
    return reply.redirect('/app', 303)
  })
  pages.post('/app/password', SMALL, async (request: PageRequest, reply) => {
    try {
      const { current, password: next } = posted(POSTED.passwordForm, formOf(request))
      await deps.change(secretOf(request), { current, next, address: request.ip })
      return await reply.redirect('/app?changed=password', 303)
    } catch (error) {
      const view = await sessions.look(secretOf(request))
      if (view === undefined) return reply.redirect('/app/sign-in', 303)
      const problem = aboutPassword(asFault(error))
      return sendPage(reply, accountPage(view, { problem }), noted(reply, problem))
    }
  })
  pages.post('/app/sign-out', SMALL, async (request: PageRequest, reply) => {
    const secret = secretOf(request)
    await (formOf(request)['everywhere'] === 'true' ? sessions.endEverywhere(secret) : sessions.end(secret))
    return reply.header('set-cookie', cookie.clear()).redirect('/app/sign-in', 303)
  })
}

/** "E-mail or password" is said to somebody who gives both; here one field is meant. */
function aboutPassword(problem: Fault): Fault {
  if (problem.reason !== 'wrong_password') return problem
  const say = 'This is not your present password.'
  return fault('unauthenticated', {
    reason: 'wrong_password',
    say,
    issues: [{ field: 'current', message: say }],
  })
}

function mountFiles(pages: FastifyInstance): void {
  for (const [path, [file, type]] of Object.entries(FILES)) {
    const text = siblingText(import.meta.url, file)
    pages.get(path, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=300').send(text),
    )
  }
}

function formOf(request: PageRequest): Posted {
  return request.body ?? {}
}

/** Puts the fault on the request's log line and answers its status, with Retry-After where there is one. */
function noted(reply: FastifyReply, problem: Fault): number {
  reply.request.facts.fault = problem.reason ?? problem.code
  if (problem.retryAfterMs !== undefined)
    reply.header('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)))
  return asRefusal(problem).status
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, error: unknown): FastifyReply {
  const { status, fault: problem } = asRefusal(error)
  if (status === 401) return reply.redirect('/app/sign-in', 303)
  noted(reply, problem)
  const body = html`<h1>That did not work</h1>
<p>${problem.say}</p>
<p class="hint">Request ${request.id}</p>
<p><a href="/app">Back</a></p>`
  return sendPage(reply, { title: 'That did not work', body }, status)
}
