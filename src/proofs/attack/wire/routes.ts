// The sweep of routes and credentials: every route that the server describes, with each credential that must not open
// it. What is sent is no valid input of any operation, so that a hole shows without doing anything.
import { randomUUID } from 'node:crypto'
import { type Attack, each, judged, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import { routesOf, type Door, type Route } from '../ground/routes.ts'
import { bent } from '../tokens/forge.ts'

const INVALID = '{"gatehouse_attack":true}'
/** What a credential looks like, whoever's it is. */
const TOKEN_SHAPED =
  /eyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN|"(?:access_|refresh_)?token"\s*:\s*"[\w.-]{16,}|gh[a-z]*_[\w-]{20,}/

export const routeSweep: Attack = {
  id: 'SWEEP-ROUTES',
  title: 'every route with no credential, garbage, a bent token and one without scopes',
  async run(ground) {
    const { a } = ground
    const closed = (await routesOf(ground)).filter(({ isPublic }) => !isPublic)
    const credentials: Credential[] = [
      { what: 'no credential', credential: undefined, expected: 401 },
      { what: 'garbage', credential: 'garbage', expected: 401 },
      { what: 'a bent token', credential: bent(a.token), expected: 401 },
    ]
    const narrow = await Promise.all(DOORS.map(door => withoutScopes(ground, door)))
    const problems: Problem[] = []
    for (const route of closed) {
      for (const credential of credentials) problems.push(await tried(ground, route, credential))
      for (const { door, ...token } of narrow) {
        // Another door's token is a stranger's here.
        const isKnown = door === route.door && token.credential !== undefined
        problems.push(await tried(ground, route, { ...token, expected: isKnown ? route.withoutScope : 401 }))
      }
    }
    return judged(problems, `${closed.length} routes refused every one`)
  },
}

const DOORS = ['mcp', 'api', 'a2a'] as const

interface NarrowToken extends Omit<Credential, 'expected'> {
  readonly door: Door
}

/** As good as none where the deployment signs no tokens for that door. */
async function withoutScopes({ token, a }: Ground, door: Door): Promise<NarrowToken> {
  const isSigned = door !== 'api' || a.apiToken !== undefined
  const made = isSigned ? await token({ tenant: a.slug, scopes: ['timing:read'], audience: door }) : undefined
  return { door, what: `a token for ${door} without scopes`, credential: made?.token }
}

interface Credential {
  readonly what: string
  readonly credential: string | undefined
  readonly expected: number
}

async function tried(
  { wire }: Ground,
  route: Route,
  { what, credential, expected }: Credential,
): Promise<Problem> {
  const path = route.path.replaceAll(/\{[^}]+\}/g, randomUUID())
  const body = route.method === 'GET' || route.method === 'DELETE' ? {} : { body: route.body ?? INVALID }
  const headers = { accept: 'application/json, text/event-stream' }
  const { status } = await wire.send({ ...route, path, token: credential, headers, ...body })
  if (status === expected) return undefined
  return `${route.method} ${route.path} with ${what} got ${status}, not ${expected}`
}

export const freeCredentials: Attack = {
  id: 'AU23',
  title: 'does any route hand out a credential to a stranger',
  async run(ground) {
    const routes = await routesOf(ground)
    const guesses = [
      '/token',
      '/oauth/token',
      '/api/token',
      '/api/create_token',
      '/register',
      '/login',
      '/auth/token',
    ]
    const all = [...routes, ...guesses.map(path => ({ method: 'POST', path }))]
    const problems = await each(all, async ({ method, path }) => {
      const { body, headers, status } = await ground.wire.send({
        method,
        path: path.replaceAll(/\{[^}]+\}/g, randomUUID()),
        ...(method === 'GET' ? {} : { body: '{"user":"admin","password":"admin"}' }),
      })
      const shown = TOKEN_SHAPED.exec(body)?.[0] ?? TOKEN_SHAPED.exec(headers['set-cookie'] ?? '')?.[0]
      return shown === undefined
        ? undefined
        : `${method} ${path} (${status}) shows what looks like a credential`
    })
    return judged(problems, 'nothing that looks like a credential')
  },
}
