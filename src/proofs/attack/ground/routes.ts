// What can be called: the routes that the server's own OpenAPI document names, and those that every deployment has.
import { randomUUID } from 'node:crypto'
import type { Ground } from './ground.ts'
import type { Json } from './mcp.ts'

export interface Route {
  readonly method: string
  readonly path: string
  /** Answers to whoever asks: probes, public keys, descriptions. */
  readonly isPublic: boolean
  /** What a token without any scope that matters must get. */
  readonly withoutScope: number
  /** Whose tokens it takes. */
  readonly door: Door
  /** Sent to it, where nonsense would be refused before anybody is asked for a scope. */
  readonly body?: string
}

export type Door = 'mcp' | 'api' | 'a2a'

export interface ApiOperation {
  readonly name: string
  readonly input: Json
  readonly isRead: boolean
}

const KNOWN: readonly Route[] = [
  ...[
    '/livez',
    '/readyz',
    '/health',
    '/.well-known/jwks.json',
    '/.well-known/oauth-protected-resource/mcp',
  ].map(path => ({ method: 'GET', path, isPublic: true, withoutScope: 200, door: 'mcp' as const })),
  { method: 'POST', path: '/mcp', isPublic: false, withoutScope: 400, door: 'mcp' },
  ...['GET', 'DELETE'].map(method => ({
    method,
    path: '/mcp',
    isPublic: false,
    withoutScope: 405,
    door: 'mcp' as const,
  })),
]

/** A2A over both bindings, and the article's interface to tasks. Every id in them is nobody's. */
function agentRoutes(): Route[] {
  const rpc = (method: string): Omit<Route, 'isPublic' | 'door'> => ({
    method: 'POST',
    path: '/a2a',
    withoutScope: 403,
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { id: randomUUID() } }),
  })
  const at = (route: string, withoutScope = 403): Omit<Route, 'isPublic' | 'door'> => {
    const [method = '', path = ''] = route.split(' ', 2)
    return { method, path, withoutScope }
  }
  const routes = [
    ...['tasks/get', 'tasks/cancel', 'tasks/resubscribe'].map(rpc),
    // What is no message is refused before its sender is asked what he may.
    at('POST /a2a', 400),
    at('POST /a2a/rest/message:send', 400),
    at('POST /a2a/rest/message:stream', 400),
    at('GET /a2a/rest/tasks'),
    at('GET /a2a/rest/tasks/{task}'),
    at('GET /a2a/rest/tasks/{task}:subscribe'),
    at('POST /a2a/rest/tasks/{task}:subscribe'),
    at('POST /a2a/rest/tasks/{task}:cancel'),
    // Not of this server, for whatever scope.
    at('GET /a2a/rest/tasks/{task}/pushNotificationConfigs', 400),
    // It asks for a token and for no scope.
    at('GET /a2a/rest/extendedAgentCard', 200),
    at('GET /tasks'),
    at('POST /tasks'),
    at('GET /tasks/{task}'),
    at('DELETE /tasks/{task}'),
    at('POST /tasks/{task}/cancel'),
    at('GET /tasks/{task}/events'),
  ]
  const isPublic = true
  return [
    ...AGENT_PAGES.map(path => ({ ...at(`GET ${path}`, 200), isPublic, door: 'a2a' as const })),
    ...routes.map(route => ({ ...route, isPublic: false, door: 'a2a' as const })),
  ]
}

const AGENT_PAGES = [
  '/agent',
  '/.well-known/agent-card.json',
  '/.well-known/agent.json',
  '/.well-known/oauth-protected-resource/a2a',
]

interface OpenApi {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, ApiEntry>>>>
  readonly security?: readonly unknown[]
  readonly components?: { readonly schemas?: Readonly<Record<string, Json>> }
}

interface ApiEntry {
  readonly 'x-access'?: string
  readonly tags?: readonly string[]
  readonly operationId?: string
  readonly security?: readonly Json[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

/** Undefined where the role behind the URL serves no /api. */
export async function openApi({ wire, a }: Ground): Promise<OpenApi | undefined> {
  for (const token of [undefined, a.token]) {
    const { status, body } = await wire.send({ path: '/api/openapi.json', token })
    if (status === 200) return JSON.parse(body) as OpenApi
  }
  return undefined
}

export async function routesOf(ground: Ground): Promise<readonly Route[]> {
  const document = await openApi(ground)
  const described = Object.entries(document?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHODS.has(method))
      .map(([method, { tags = [], security = document?.security }]) => ({
        method: method.toUpperCase(),
        path,
        isPublic: security === undefined ? method === 'get' : isFree(security),
        // What is for operators does not exist for a tenant's user; of the rest the scope is asked before the input.
        withoutScope: tags.includes('deployment') ? 404 : 403,
        door: 'api' as const,
      })),
  )
  // The role `mcp` has none of these.
  const { status } = await ground.wire.send({ path: '/agent' })
  return [...KNOWN, ...(status === 404 ? [] : agentRoutes()), ...described]
}

/** An empty list, or one with an empty requirement in it: no credential is needed (OpenAPI 3.1, 4.8.10). */
function isFree(security: readonly unknown[]): boolean {
  return security.length === 0 || security.some(one => Object.keys(one as Json).length === 0)
}

/** What a tenant's users may `POST /api/<operation>`, with the schema of the input. */
export async function apiOperations(ground: Ground): Promise<readonly ApiOperation[]> {
  const document = await openApi(ground)
  return Object.entries(document?.paths ?? {}).flatMap(([path, { post }]) => {
    const schema = post?.requestBody?.content?.['application/json']?.schema
    if (schema === undefined || post?.tags?.includes('deployment') === true) return []
    const name = post?.operationId ?? path.split('/').at(-1) ?? path
    return [{ name, input: resolved(schema, document), isRead: post?.['x-access'] === 'read' }]
  })
}

function resolved(schema: Json, document: OpenApi | undefined): Json {
  const name = /^#\/components\/schemas\/(.+)$/.exec(
    typeof schema['$ref'] === 'string' ? schema['$ref'] : '',
  )?.[1]
  return name === undefined ? schema : (document?.components?.schemas?.[name] ?? {})
}
