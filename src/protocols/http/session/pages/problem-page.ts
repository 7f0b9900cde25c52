// A page that could not be given, as a page that says why; who is no longer signed in is led to where one signs in.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../../../../platform/faults.ts'
import { asRefusal } from '../../http-faults.ts'
import { html } from './html.ts'
import { sendPage } from './layout.ts'

export function sendProblemPage(reply: FastifyReply, request: FastifyRequest, error: unknown): FastifyReply {
  const { status, fault: problem } = asRefusal(error)
  if (status === 401) return reply.redirect('/app/sign-in', 303)
  noteProblem(reply, problem)
  const body = html`<h1>That did not work</h1>
<p>${problem.say}</p>
<p class="hint">Request ${request.id}</p>
<p><a href="/app">Back</a></p>`
  return sendPage(reply, { title: 'That did not work', body }, status)
}

/** Puts the fault on the request's log line and answers its status, with Retry-After where there is one. */
export function noteProblem(reply: FastifyReply, problem: Fault): number {
  reply.request.facts.fault = problem.reason ?? problem.code
  if (problem.retryAfterMs !== undefined)
    reply.header('retry-after', String(Math.ceil(problem.retryAfterMs / 1000)))
  return asRefusal(problem).status
}
