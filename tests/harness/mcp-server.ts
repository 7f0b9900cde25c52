// A listening HTTP server with /mcp over a small catalog, for tests of the wire alone: the real pipeline, limits and
// refusals, no database. Tokens are the names of TOKENS below.
import { Writable } from 'node:stream'
import { z } from 'zod'
import type { TenantPrincipal, WriteCall } from '../../src/gate/call.ts'
import { memoryLimiter } from '../../src/gate/limits/memory-limiter.ts'
import type { OpenedCall } from '../../src/gate/open-call.ts'
import { defineOperation, type Operation } from '../../src/gate/operation.ts'
import { rateLimit, type Rate } from '../../src/gate/rate-limit.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { unauthenticated, type UnauthenticatedReason } from '../../src/gate/tokens/unauthenticated.ts'
import { fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { requestContext } from '../../src/platform/telemetry/request-context.ts'
import { traceId } from '../../src/platform/telemetry/trace.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { mountHealth } from '../../src/protocols/http/health.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { httpServer, type HttpServer } from '../../src/protocols/http/server.ts'
import { mountKeys, mountStandardResource, resourceMetadataUrl } from '../../src/protocols/http/well-known.ts'
import { serveMcp } from '../../src/protocols/mcp/serve-mcp.ts'
import type { RunForTenant } from '../../src/protocols/mcp/tools.ts'

export const TENANT_A = '018f3e2a-0000-7000-8000-00000000000a'
export const TENANT_B = '018f3e2a-0000-7000-8000-00000000000b'

const principal = (tenantId: string, subject: string, ...scopes: string[]): TenantPrincipal => ({
  realm: 'tenant',
  tenantId,
  subject,
  scopes: new Set(scopes),
  tokenId: `${subject}-token`,
  expiresAt: 4_102_444_800,
})

const TOKENS: Record<string, TenantPrincipal | UnauthenticatedReason> = {
  writer: principal(TENANT_A, 'writer', 'documents:read', 'documents:write', 'timing:read'),
  reader: principal(TENANT_A, 'reader', 'documents:read'),
  reader_b: principal(TENANT_B, 'reader_b', 'documents:read'),
  powerless: principal(TENANT_A, 'powerless'),
  expired: 'expired',
  early: 'not_yet_valid',
  foreign: 'wrong_audience',
  revoked: 'revoked',
}

async function authenticate(authorization: string | undefined): Promise<TenantPrincipal> {
  if (authorization === undefined) throw unauthenticated('missing')
  const token = /^Bearer ([a-z_]+)$/.exec(authorization)?.[1]
  if (token === undefined) throw unauthenticated('malformed')
  const known = TOKENS[token] ?? 'invalid'
  if (typeof known === 'string') throw unauthenticated(known)
  return known
}

export const SECRET_DETAIL = 'select secret from hidden_table'

export interface Seen {
  /** How `wait` ended, in order. */
  readonly waits: ('done' | 'aborted')[]
  readonly calls: string[]
  /** Trace ids the calls ran under. */
  readonly traces: string[]
}

/** `echo`, `wait`, `fail`, `delete_note` and one of the deployment, which must never show. */
function catalogFor(seen: Seen): Operation[] {
  const reads = { realm: 'tenant', access: 'read', scope: 'documents:read' } as const
  return [
    defineOperation({
      ...reads,
      name: 'echo',
      title: 'Echo',
      description: 'Says back what it was told, and to whom it was said.',
      input: z.strictObject({
        text: z.string().min(1).max(5_000_000),
        limit: z.int().min(1).max(50).default(10),
      }),
      output: z.strictObject({
        text: z.string(),
        limit: z.int(),
        tenant_id: z.string(),
        subject: z.string(),
      }),
      async run({ text, limit }, call) {
        seen.calls.push(text)
        seen.traces.push(traceId())
        return { text, limit, tenant_id: call.principal.tenantId, subject: call.principal.subject }
      },
    }),
    defineOperation({
      ...reads,
      name: 'wait',
      title: 'Wait',
      description: 'Takes as long as it is told, or until nobody waits for it.',
      input: z.strictObject({ ms: z.int().min(0).max(60_000) }),
      output: z.strictObject({ waited_ms: z.int() }),
      async run({ ms }, call) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        call.signal.addEventListener('abort', () => resolve())
        await promise
        clearTimeout(timer)
        seen.waits.push(call.signal.aborted ? 'aborted' : 'done')
        if (call.signal.aborted) throw fault('cancelled')
        return { waited_ms: ms }
      },
    }),
    defineOperation({
      ...reads,
      name: 'fail',
      title: 'Fail',
      description: 'Fails in the way it is told.',
      input: z.strictObject({ how: z.enum(['conflict', 'crash', 'busy', 'bad_output']) }),
      output: z.strictObject({ never: z.literal('this') }),
      async run({ how }) {
        if (how === 'conflict') throw fault('conflict', { reason: 'taken', say: 'The name is taken.' })
        if (how === 'busy') throw fault('unavailable', { retryAfterMs: 1500 })
        if (how === 'crash') throw new Error(SECRET_DETAIL)
        return { never: SECRET_DETAIL as 'this' }
      },
    }),
    defineOperation({
      realm: 'tenant',
      access: 'write',
      scope: 'documents:write',
      destructive: true,
      name: 'delete_note',
      title: 'Delete a note',
      description: 'Deletes a note for good.',
      input: z.strictObject({ id: z.string() }),
      output: z.strictObject({ deleted: z.boolean() }),
      run: async () => ({ deleted: true }),
    }),
    defineOperation({
      realm: 'deployment',
      access: 'read',
      name: 'list_tenants',
      title: 'List tenants',
      description: 'For operators alone.',
      input: z.strictObject({}),
      output: z.strictObject({}),
      run: async () => ({}),
    }),
  ]
}

export interface TestServer extends HttpServer {
  readonly url: string
  readonly port: number
  readonly seen: Seen
  /** All log lines so far. */
  readonly logged: () => Record<string, unknown>[]
  /** Names of readiness checks that fail from now on. */
  readonly broken: Set<string>
}

export interface TestServerOptions {
  readonly principalRate?: Rate
  readonly addressRate?: Rate
}

const PLENTY: Rate = { perSecond: 1_000_000, burst: 1_000_000 }

export async function startTestServer({
  principalRate = PLENTY,
  addressRate = PLENTY,
}: TestServerOptions = {}): Promise<TestServer> {
  const lines: string[] = []
  const sink = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) })
  const log = createLogger('debug', sink)
  const seen: Seen = { waits: [], calls: [], traces: [] }
  const broken = new Set<string>()
  const rates = { tenant: PLENTY, user: principalRate, operation: PLENTY, address: addressRate }
  const limits = rateLimit({ limiter: memoryLimiter(), rates })
  const publicUrl = 'https://gatehouse.example'
  const resource = `${publicUrl}/mcp`

  const server = httpServer({
    log,
    isHttps: true,
    hosts: hostPolicy({ publicUrl, isLocal: true, allowedHosts: ['partner.example'] }),
    limitAddress: limits.ofAddress,
  })
  mountHealth(server.app, {
    log,
    checks: { database: async () => refuse(broken, 'database'), keys: async () => refuse(broken, 'keys') },
  })
  const scopes = ['documents:read', 'documents:write']
  mountKeys(server.app, () => ({ keys: [] }))
  mountStandardResource(server.app, {
    resource,
    authorizationServers: [publicUrl],
    scopes,
  })
  serveMcp(server.app, {
    log,
    catalog: catalogFor(seen),
    challenge: { metadataUrl: resourceMetadataUrl(resource), scopes },
    authenticate,
    limitPrincipal: limits.ofPrincipal,
    limitRequest: limits.ofRequest,
    run: throughThePipeline(limits.takeToken),
    version: '0.0.0-test',
  })
  const port = await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })
  const logged = () => lines.map(line => JSON.parse(line) as Record<string, unknown>)
  return { ...server, port, url: `http://127.0.0.1:${port}`, seen, logged, broken }
}

async function refuse(broken: ReadonlySet<string>, check: string): Promise<void> {
  if (broken.has(check)) throw new Error(SECRET_DETAIL)
}

function throughThePipeline(takeToken: Parameters<typeof operationRunner>[0]['takeToken']): RunForTenant {
  const runOperation = operationRunner({ takeToken, record: async () => undefined })
  return (operation, rawInput, context) => {
    if (requestContext() === undefined) throw new Error('a call lost the context of its request')
    const call = { ...context, traceId: traceId() } as WriteCall
    return runOperation(operation, rawInput, { realm: 'tenant', call } as OpenedCall)
  }
}
