// The pages under /app by which somebody comes to a session: forms that work without a script. All else is the page of
// ../../page.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asFault, type Fault } from '../../../../platform/faults.ts'
import { siblingText } from '../../../../platform/sibling-file.ts'
import { sessionCookie, type SessionCookie } from '../cookie.ts'
import { posted } from '../posted.ts'
import { requireSameOrigin } from '../same-origin.ts'
import type { SessionDeps } from '../session-deps.ts'
import { renderForm } from './form.ts'
import { formPages, type FormPage } from './form-pages.ts'
import { html } from './html.ts'
import { sendPage } from './layout.ts'
import { noteProblem, sendProblemPage } from './problem-page.ts'
import { safePath } from './safe-path.ts'

type Posted = Readonly<Record<string, string>>
type PageRequest = FastifyRequest<{ Querystring: { next?: unknown }; Body: Posted }>

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
    pages.setErrorHandler((error, request, reply) => sendProblemPage(reply, request, error))
    const cookie = sessionCookie(deps.publicUrl)
    for (const page of formPages(deps)) mountFormPage(pages, deps, { page, cookie })
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
      : sendForm(reply, page, { values: { next: safePath(next ?? page.lands) } })
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
  const status = problem === undefined ? 200 : noteProblem(reply, problem)
  return sendPage(reply, { title: page.title, body, takesCode: page.takesCode }, status)
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
