// What a client reads before it has a token: which resource this is, who issues tokens for it, and the public keys.
import type { FastifyInstance } from 'fastify'

export interface WellKnownOptions {
  /** What tokens must name as their audience: the address of /mcp, exactly as clients use it. */
  readonly resource: string
  readonly authorizationServers: readonly string[]
  readonly scopes: readonly string[]
  /** The current public keys, as a JSON Web Key Set. */
  readonly jwks: () => object | Promise<object>
}

const METADATA = '/.well-known/oauth-protected-resource'

/** RFC 9728, 3.1: the metadata of a resource stands below the well-known path, followed by the resource's own path. */
export function resourceMetadataUrl(resource: string): string {
  const { origin, pathname } = new URL(resource)
  return `${origin}${METADATA}${pathname}`
}

export function mountWellKnown(app: FastifyInstance, options: WellKnownOptions): void {
  const metadata = {
    resource: options.resource,
    authorization_servers: options.authorizationServers,
    scopes_supported: options.scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Gatehouse',
  }
  const paths = new Set([METADATA, new URL(resourceMetadataUrl(options.resource)).pathname])
  for (const path of paths) {
    app.get(path, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(metadata),
    )
  }
  // Short: a rotated key has to be seen soon.
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(await options.jwks()),
  )
}
