// What can be called: the routes that the server's own OpenAPI document names, and those that every deployment has.
import type { Ground } from './ground.ts'
import type { Json } from './mcp.ts'

export interface Route {
  readonly method: string
  readonly path: string
  /** Answers to whoever asks: probes, public keys, descriptions. */
  readonly isPublic: boolean
  /** What a token without any scope that matters must get. */
  readonly withoutScope: number
}

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
  ].map(path => ({ method: 'GET', path, isPublic: true, withoutScope: 200 })),
  { method: 'POST', path: '/mcp', isPublic: false, withoutScope: 400 },
  ...['GET', 'DELETE'].map(method => ({ method, path: '/mcp', isPublic: false, withoutScope: 405 })),
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
      })),
  )
  return [...KNOWN, ...described]
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
