// A real OpenID provider (oidc-provider) on loopback: clients get access tokens from it by their credentials, as JWTs for
// the resource they name. Its keys can be rotated, which is what it is started anew with; the port stays.
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface OidcIssuer {
  readonly issuer: string
  readonly jwksUrl: string
  /** host:port */
  readonly host: string
  /** How often its keys were fetched. */
  fetches(): number
  /** From now on it signs with a new key; `keepOld` goes on publishing the one before. Resolves to the kid. */
  rotate(options?: { readonly keepOld?: boolean }): Promise<string>
  /** Publishes a key that it does not sign with yet. */
  announce(): Promise<string>
  /** While true it answers 503 to everything. */
  down: boolean
  /** An access token by client credentials. */
  token(options: TokenOptions): Promise<string>
  close(): Promise<void>
}

export interface TokenOptions {
  readonly resource: string
  readonly scope?: string
  /** What it claims beside the usual. */
  readonly claims?: Record<string, unknown>
  /** Life in seconds. */
  readonly ttl?: number
}

const CLIENT = { id: 'agent', secret: 'an-agent-of-the-tests-on-loopback' }

export async function openOidcIssuer(): Promise<OidcIssuer> {
  let handle: RequestListener = (_request, response) => response.writeHead(503).end()
  let fetches = 0
  let keys: JWK[] = []
  let asked: TokenOptions = { resource: '' }
  const state = { down: false }
  const server = createServer((request, response) => {
    if (request.url === '/jwks') fetches++
    if (state.down) response.writeHead(503).end()
    else handle(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `http://${host}`
  const restart = (): void => {
    const provider = new Provider(
      issuer,
      configuration(keys, () => asked),
    )
    handle = provider.callback()
  }
  const newKey = async (): Promise<JWK> => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    return { ...(await exportJWK(privateKey)), kid: `idp-${crypto.randomUUID()}`, alg: 'RS256', use: 'sig' }
  }
  keys = [await newKey()]
  restart()
  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    host,
    fetches: () => fetches,
    async rotate({ keepOld = false } = {}) {
      const next = keys.length > 1 && keepOld ? undefined : await newKey()
      // It signs with the first: one that was announced comes to the front.
      keys = next === undefined ? keys.toReversed() : keepOld ? [next, ...keys] : [next]
      restart()
      return String(keys[0]?.kid)
    },
    async announce() {
      keys = [...keys.slice(0, 1), await newKey()]
      restart()
      return String(keys[1]?.kid)
    },
    get down() {
      return state.down
    },
    set down(isDown) {
      state.down = isDown
    },
    async token(options) {
      asked = options
      const { resource, scope = '' } = options
      const answer = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
      })
      const body = (await answer.json()) as { access_token?: string }
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`)
      return body.access_token
    },
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function configuration(keys: readonly JWK[], asked: () => TokenOptions): Record<string, unknown> {
  return {
    jwks: { keys },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    cookies: { keys: ['only-for-the-tests'] },
    extraTokenClaims: () => asked().claims ?? {},
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => asked().resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: 'documents:read documents:write docs.read other.thing',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: asked().ttl ?? 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}
