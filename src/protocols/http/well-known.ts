// What a client reads before it has a token: which resource this is, who issues tokens for it, and the public keys.
import type { FastifyInstance } from 'fastify'

export interface ResourceOptions {
  /** What tokens must name as their audience: the address of /mcp or /a2a, exactly as clients use it. */
  readonly resource: string
  readonly authorizationServers: readonly string[]
  readonly scopes: readonly string[]
}

const METADATA = '/.well-known/oauth-protected-resource'

/** RFC 9728, 3.1: the metadata of a resource stands below the well-known path, followed by the resource's own path. */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}${METADATA}${pathname}`
}

/** The public keys, as a JSON Web Key Set: what tokens and cards are signed with. */
export function mountKeys(app: FastifyInstance, jwks: () => object | Promise<object>): void {
  // Short: a rotated key has to be seen soon.
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(await jwks()),
  )
}

/** The resource that is meant where a client names none. */
export function mountStandardResource(app: FastifyInstance, options: ResourceOptions): void {
  mountMetadata(app, METADATA, options)
  mountResource(app, options)
}

/** The metadata of one resource, below its own path. */
export function mountResource(app: FastifyInstance, options: ResourceOptions): void {
  mountMetadata(app, new URL(resourceMetadataUrl(options.resource)).pathname, options)
}

function mountMetadata(
  app: FastifyInstance,
  path: string,
  { resource, authorizationServers, scopes }: ResourceOptions,
): void {
  const metadata = {
    resource,
    authorization_servers: authorizationServers,
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Gatehouse',
  }
  app.get(path, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(metadata),
  )
}
