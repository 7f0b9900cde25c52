// The two doors of a server: the port for tenants, and the owner-only socket for operators and desktop clients.
import { serveApi } from './protocols/api/serve-api.ts'
import { hostPolicy, isLoopback } from './protocols/http/door/allowed-hosts.ts'
import { mountHealth } from './protocols/http/health.ts'
import { sessionAuthenticator } from './protocols/http/session/authenticate-session.ts'
import { readBuiltPage, type BuiltPage } from './protocols/http/page/built-page.ts'
import { mountPage } from './protocols/http/page/mount-page.ts'
import { mountPages } from './protocols/http/session/pages/page-routes.ts'
import { mountSessionRoutes } from './protocols/http/session/session-routes.ts'
import { httpServer, type HttpServer } from './protocols/http/server.ts'
import { mountKeys, mountStandardResource, resourceMetadataUrl } from './protocols/http/well-known.ts'
import { serveAgent } from './protocols/a2a/serve-agent.ts'
import { serveMcp } from './protocols/mcp/serve-mcp.ts'
import { privateKeys } from './features/identity/private-keys.ts'
import { SCOPE_NAMES } from './gate/scopes.ts'
import { issuerOf, resourceOf } from './gate/tokens/audience.ts'
import { sql } from './platform/db/statements.ts'
import { operator, type Gatehouse, type Surroundings } from './gatehouse.ts'
import { ROLES } from './roles.ts'
import { VERSION } from './platform/version.ts'

/** What answers on the port: health for everybody, MCP, /api and the pages where the role serves them. */
export function publicDoor(gatehouse: Gatehouse, { config, log }: Surroundings): HttpServer {
  const server = httpServer({
    log,
    isHttps: config.publicUrl.startsWith('https:'),
    hosts: hostPolicy({
      publicUrl: config.publicUrl,
      isLocal: isLoopback(config.host),
      allowedHosts: config.allowedHosts,
    }),
    limitAddress: gatehouse.limits.ofAddress,
    concurrency: gatehouse.concurrency,
  })
  mountHealth(server.app, { checks: readiness(gatehouse), log })
  const serves = ROLES[config.role]
  if (serves.mcp || serves.a2a) mountKeys(server.app, gatehouse.trust.jwks)
  if (serves.mcp) {
    mountStandardResource(server.app, {
      resource: resourceOf(config.publicUrl, 'mcp'),
      authorizationServers: [issuerOf(config.publicUrl)],
      scopes: toolScopes(gatehouse),
    })
    mountMcp(server, gatehouse, { config, log })
  }
  if (serves.a2a) mountAgent(server, gatehouse, { config, log })
  if (serves.web) {
    const deps = { ...gatehouse.accounts, publicUrl: config.publicUrl }
    mountSessionRoutes(server.app, deps)
    mountPages(server.app, deps)
    mountPage(server.app, { ...deps, page: builtPage(log) })
  }
  if (serves.mcp || serves.a2a || serves.web) {
    const { sessions } = gatehouse.accounts
    const bySession = sessionAuthenticator({ sessions, publicUrl: config.publicUrl })
    mountApi(
      server,
      gatehouse,
      { config, log },
      async request => (await bySession(request)) ?? gatehouse.authenticateAny(request.headers.authorization),
    )
  }
  return server
}

/** What answers on the socket: /api (the operator, or a tenant's user by its token), and MCP for `serve --stdio`. */
export function ownerDoor(gatehouse: Gatehouse, { config, log }: Surroundings): HttpServer {
  const server = httpServer({
    log,
    isHttps: false,
    hosts: hostPolicy({ publicUrl: config.publicUrl, isLocal: true, allowedHosts: [] }),
  })
  // A header that is there but empty or wrong is refused: it never falls back to the operator.
  mountApi(server, gatehouse, { config, log }, async ({ headers: { authorization } }) =>
    authorization === undefined ? operator() : gatehouse.authenticateAny(authorization),
  )
  mountMcp(server, gatehouse, { config, log })
  return server
}

function mountApi(
  server: HttpServer,
  gatehouse: Gatehouse,
  { config, log }: Pick<Surroundings, 'config' | 'log'>,
  identify: Parameters<typeof serveApi>[1]['identify'],
): void {
  serveApi(server.app, {
    catalog: gatehouse.catalog,
    identify,
    limitPrincipal: gatehouse.limits.ofPrincipal,
    limitRequest: gatehouse.limits.ofRequest,
    run: gatehouse.run,
    stream: gatehouse.stream,
    publicUrl: config.publicUrl,
    version: VERSION,
    log,
  })
}

function mountMcp(
  server: HttpServer,
  gatehouse: Gatehouse,
  { config, log }: Pick<Surroundings, 'config' | 'log'>,
): void {
  serveMcp(server.app, {
    catalog: gatehouse.catalog,
    challenge: {
      metadataUrl: resourceMetadataUrl(resourceOf(config.publicUrl, 'mcp')),
      scopes: toolScopes(gatehouse),
    },
    authenticate: gatehouse.authenticate,
    limitPrincipal: gatehouse.limits.ofPrincipal,
    limitRequest: gatehouse.limits.ofRequest,
    run: (operation, rawInput, { principal, requestId, signal }) =>
      gatehouse.run(operation, rawInput, principal, { requestId, signal }),
    version: VERSION,
    log,
  })
}

/** The card, A2A and /tasks. */
export function mountAgent(
  server: HttpServer,
  gatehouse: Gatehouse,
  { config, log }: Pick<Surroundings, 'config' | 'log'>,
): void {
  serveAgent(server.app, {
    catalog: gatehouse.catalog,
    workflows: gatehouse.workflows,
    authenticate: gatehouse.authenticateA2a,
    limitPrincipal: gatehouse.limits.ofPrincipal,
    limitRequest: gatehouse.limits.ofRequest,
    run: (operation, rawInput, { principal, ...context }) =>
      gatehouse.run(operation, rawInput, principal, context),
    stream: (operation, rawInput, { principal, ...context }, next) =>
      gatehouse.stream(operation, rawInput, { principal, context }, next),
    signing: { activeKid: gatehouse.trust.activeKid, privateKey: privateKeys(config.dataDir).read },
    publicUrl: config.publicUrl,
    version: VERSION,
    log,
  })
}

const PAGE_FOLDER = new URL('../web/dist/', import.meta.url)

/** Everything else works without it, so that a build that failed stops nobody. */
function builtPage(log: Surroundings['log']): BuiltPage | undefined {
  const page = readBuiltPage(PAGE_FOLDER)
  if (page === undefined) log.warn('the page is not built: run npm run build:web and start again')
  return page
}

/** The scopes that tools ask for, in the order they are documented. */
function toolScopes({ catalog }: Gatehouse): string[] {
  const tools = catalog.filter(operation => operation.tool !== false)
  const asked = new Set(tools.map(operation => (operation.realm === 'tenant' ? operation.scope : '')))
  return SCOPE_NAMES.filter(scope => asked.has(scope))
}

function readiness({ opened, trust }: Gatehouse): Record<string, () => Promise<unknown>> {
  return {
    database: () => opened.database.system('check_startup', tx => tx.all(sql`select app.is_system()`)),
    keys: async () => trust.requireFresh(),
  }
}
