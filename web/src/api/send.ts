// One request to the server: by the session's cookie, for the place this page was opened in.
import { type ApiProblem, problemOf, unreachable } from './problem.ts'
import { currentPlace } from './place.ts'

export interface Sending {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** The answer, if it is a success; throws ApiProblem. Whoever is not signed in (any more) is led to do so. */
export async function send(path: string, { method, body, headers, signal }: Sending): Promise<Response> {
  const place = currentPlace()
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    // Signed out, a redirect is never an answer.
    redirect: 'error',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // A tab that was left open may believe to be in another tenant than the session is by now.
      ...(place === undefined ? {} : { 'gatehouse-place': place }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw unreachable()
  })
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  // Who is about to leave sees no error before.
  if (await leaveIfOver(problem)) return new Promise(() => undefined)
  throw problem
}

/**
 * Leaves the page where the server says that it is over: the session has ended, or acts elsewhere by now. All that this
 * page knew goes with it. Answers whether it goes.
 */
export async function leaveIfOver(problem: ApiProblem): Promise<boolean> {
  if (problem.reason === 'other_place') {
    window.location.reload()
    return true
  }
  return problem.code === 'unauthenticated' && problem.reason !== 'wrong_password' && signInAgain()
}

/** To the sign-in page and back here; who is signed in but barred from the tenant is told so instead. */
async function signInAgain(): Promise<boolean> {
  const { pathname, search } = window.location
  const session = await fetch('/api/session', { credentials: 'same-origin' }).catch(() => undefined)
  if (session?.ok !== true)
    window.location.assign(`/app/sign-in?next=${encodeURIComponent(pathname + search)}`)
  else if (pathname !== '/app/account') window.location.assign('/app/account')
  else return false
  return true
}
