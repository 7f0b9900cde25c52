// The routes that answer without a bearer credential, and why each may. The sweep over routes and credentials holds
// every other route of the router to a 401, so whoever adds a line here says what a stranger gets to see.

export interface OpenRoute {
  readonly method: string
  readonly path: string
  /** One sentence; docs/SECURITY.md prints it. */
  readonly because: string
}

const PROTECTED_RESOURCE = '/.well-known/oauth-protected-resource'

/** Nobody has to be known. */
export const OPEN_ROUTES: readonly OpenRoute[] = [
  get('/livez', 'A probe: says that the process is alive, and nothing else.'),
  get('/readyz', 'A probe: names the check that failed, never why.'),
  get('/health', 'Both probes in one, for people and load balancers.'),
  get(PROTECTED_RESOURCE, 'RFC 9728: a client without a token reads here where to get one.'),
  get(`${PROTECTED_RESOURCE}/mcp`, 'RFC 9728: the same document below the path of the resource.'),
  get(`${PROTECTED_RESOURCE}/a2a`, 'RFC 9728: the same for the agent.'),
  get('/.well-known/agent-card.json', 'A2A: how to speak to the agent; the same for everybody.'),
  get('/.well-known/agent.json', 'A2A before 0.3: the same card, where older clients look.'),
  get('/agent', 'What that card says, in a few plain words.'),
  get('/.well-known/jwks.json', 'The public halves of the signing keys.'),
  get('/api', 'Says where the description of the interface is.'),
  get('/api/openapi.json', 'Describes the interface; the same for everybody, made of the code alone.'),
  post(
    '/api/session',
    'Signing in: the password in the body is the proof, under the limit of sign-in attempts.',
  ),
  {
    method: 'DELETE',
    path: '/api/session',
    because: 'Signing out: without a session it only clears the cookie.',
  },
  post(
    '/api/links/first-run',
    'The one-time code in the body is the proof; it works once, on an empty deployment.',
  ),
  post('/api/links/invitation', 'The one-time code of the invitation in the body is the proof.'),
  post('/api/links/reset', 'The one-time code of the reset in the body is the proof.'),
  get('/app/sign-in', 'The form to sign in; holds nothing of any account.'),
  post('/app/sign-in', 'That form, sent: the password is the proof, and the Origin must be ours.'),
  get('/app/first-run', 'The form of the first operator; holds nothing of any account.'),
  post('/app/first-run', 'That form, sent: its one-time code is the proof.'),
  get('/app/invitation', 'The form of an invitation; holds nothing of any account.'),
  post('/app/invitation', 'That form, sent: its one-time code is the proof.'),
  get('/app/reset', 'The form to set a password; holds nothing of any account.'),
  post('/app/reset', 'That form, sent: its one-time code is the proof.'),
  get('/app/style.css', 'The style sheet of those forms.'),
  get('/app/link.js', 'Moves a one-time code from the address into the form.'),
  get('/app/icon.svg', 'The icon of those forms and of the page.'),
  get('/app/assets/*', "The page's scripts and styles: the same for everybody, and without anybody's data."),
  get('/', 'Leads a browser to the page; for a program there is nothing.'),
]

export interface SessionRoute {
  readonly method: string
  readonly path: string
  /** What whoever has no session gets: 401, or the way to the sign-in form. */
  readonly stranger: 401 | 303
}

/** Only the cookie of a session opens these; a bearer credential does not count. */
export const SESSION_ROUTES: readonly SessionRoute[] = [
  { method: 'GET', path: '/api/session', stranger: 401 },
  { method: 'PUT', path: '/api/session', stranger: 401 },
  { method: 'PUT', path: '/api/session/password', stranger: 401 },
  { method: 'GET', path: '/app', stranger: 303 },
  { method: 'GET', path: '/app/*', stranger: 303 },
]

function get(path: string, because: string): OpenRoute {
  return { method: 'GET', path, because }
}

function post(path: string, because: string): OpenRoute {
  return { method: 'POST', path, because }
}
