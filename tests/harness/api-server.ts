// A listening server with /api over a small catalog, for tests of the edge alone: the real pipeline, limits and
// refusals, no database. A credential is the name of a user: "ada-a" is ada of tenant A, "operator" an operator.
import { Writable } from 'node:stream'
import { z } from 'zod'
import type { Principal } from '../../src/gate/call.ts'
import { concurrency, type ConcurrencySettings } from '../../src/gate/limits/concurrency.ts'
import { memoryLimiter } from '../../src/gate/limits/memory-limiter.ts'
import { FOLLOW_WAIT_S, idOfSequences, sequencesOf } from '../../src/gate/streams/follow.ts'
import type { OpenedCall } from '../../src/gate/open-call.ts'
import { streamOpener } from '../../src/gate/streams/open-stream.ts'
import { defineOperation, type Operation } from '../../src/gate/operation.ts'
import { rateLimit, ratesFrom, type Rate } from '../../src/gate/rate-limit.ts'
import { operationRunner } from '../../src/gate/run-operation.ts'
import { unauthenticated } from '../../src/gate/tokens/unauthenticated.ts'
import { fault } from '../../src/platform/faults.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { serveApi, type ApiContext } from '../../src/protocols/api/serve-api.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { mountHealth } from '../../src/protocols/http/health.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { httpServer, type HttpServer } from '../../src/protocols/http/server.ts'

export interface ApiServer extends HttpServer {
  readonly url: string
  readonly port: number
  /** What the operations were given, in order. */
  readonly inputs: Record<string, unknown>[]
  /** Of `wait`: how many run now. */
  readonly waiting: () => number
  readonly logged: () => Record<string, unknown>[]
}

export interface ApiServerOptions {
  readonly concurrency?: ConcurrencySettings
  readonly slowReaderMs?: number
  readonly rate?: Rate
}

export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = createLogger('info', sink)
  const seen: Seen = { inputs: [], waiting: 0 }
  const rates = ratesFrom(options.rate ?? { perSecond: 10_000, burst: 10_000 })
  const limits = rateLimit({ limiter: memoryLimiter(), rates })
  const server = httpServer({
    log,
    isHttps: false,
    hosts: hostPolicy({ publicUrl: 'http://127.0.0.1', isLocal: true, allowedHosts: [] }),
    limitAddress: limits.ofAddress,
    ...(options.concurrency === undefined ? {} : { concurrency: concurrency(options.concurrency) }),
    ...(options.slowReaderMs === undefined ? {} : { slowReaderMs: options.slowReaderMs }),
  })
  mountHealth(server.app, { checks: {}, log })
  const stages = { takeToken: limits.takeToken, record: async () => undefined }
  const runOperation = operationRunner(stages)
  const openStream = streamOpener(stages)
  const opened = (principal: Principal, context: ApiContext): OpenedCall =>
    ({
      realm: principal.realm,
      call: { ...context, principal, traceId: '', about: () => undefined },
    }) as unknown as OpenedCall
  serveApi(server.app, {
    catalog: catalogFor(seen),
    identify: async ({ headers: { authorization } }) => principalOf(authorization),
    limitPrincipal: limits.ofPrincipal,
    limitRequest: limits.ofRequest,
    run: (operation, input, principal, context) => runOperation(operation, input, opened(principal, context)),
    stream: (operation, input, { principal, context }, next) =>
      openStream(operation, input, opened(principal, context), next),
    publicUrl: 'http://127.0.0.1',
    version: '0.0.0-test',
    log,
  })
  const port = await listenOnPort(server.app, { host: '127.0.0.1', port: 0 })
  return {
    ...server,
    port,
    url: `http://127.0.0.1:${port}`,
    inputs: seen.inputs,
    waiting: () => seen.waiting,
    logged: () => lines.map(line => JSON.parse(line) as Record<string, unknown>),
  }
}

function principalOf(authorization: string | undefined): Principal {
  if (authorization === undefined) throw unauthenticated('missing')
  const name = /^Bearer ([\w-]+)$/.exec(authorization)?.[1]
  if (name === 'operator') return { realm: 'deployment', subject: 'operator:test' }
  const [, user, tenant] = /^([a-z]+)-([ab])$/.exec(name ?? '') ?? []
  if (user === undefined || tenant === undefined || name === undefined) throw unauthenticated('invalid')
  return {
    realm: 'tenant',
    tenantId: `018f3e2a-0000-7000-8000-00000000000${tenant}`,
    subject: user,
    scopes: new Set(['documents:read', 'timing:read']),
    tokenId: `${name}-token`,
    expiresAt: 4_102_444_800,
  }
}

interface Seen {
  readonly inputs: Record<string, unknown>[]
  waiting: number
}

function catalogFor(seen: Seen): Operation[] {
  const reads = { realm: 'tenant', access: 'read', scope: 'documents:read' } as const
  const words = (name: string) => ({ name, title: name, description: `What ${name} does.` })
  return [
    defineOperation({
      ...reads,
      ...words('keep'),
      input: z.strictObject({
        text: z.string().max(2_000_000).optional(),
        number: z.number().optional(),
        limit: z.int().min(1).max(50).optional(),
        anything: z.record(z.string(), z.unknown()).optional(),
      }),
      output: z.strictObject({ text: z.string() }),
      async run(input) {
        seen.inputs.push(input)
        return { text: input.text ?? '' }
      },
    }),
    defineOperation({
      ...reads,
      ...words('wait'),
      input: z.strictObject({}),
      output: z.strictObject({}),
      async run(_, { signal }) {
        seen.waiting++
        await new Promise<void>(resolve => {
          signal.addEventListener('abort', () => resolve(), { once: true })
          if (signal.aborted) resolve()
        })
        seen.waiting--
        throw fault('cancelled')
      },
    }),
    defineOperation({
      ...reads,
      ...words('break'),
      input: z.strictObject({}),
      output: z.strictObject({}),
      async run() {
        throw new Error('select secret from hidden_table at /src/x.ts:1:2')
      },
    }),
    defineOperation({
      ...reads,
      ...words('change'),
      access: 'write',
      scope: 'documents:write',
      input: z.strictObject({ id: z.uuid() }),
      output: z.strictObject({}),
      run: async () => ({}),
    }),
    counting(seen),
    defineOperation({
      ...words('operate'),
      realm: 'deployment',
      access: 'read',
      input: z.strictObject({}),
      output: z.strictObject({}),
      run: async () => ({}),
    }),
  ]
}

/** Tells the numbers up to `to`, two at a time; breaks before `breaks`. */
function counting(seen: Seen): Operation {
  return defineOperation({
    name: 'count',
    title: 'count',
    description: 'What count does.',
    realm: 'tenant',
    access: 'read',
    scope: 'documents:read',
    follow: {
      begin: (sent, id) => ({ ...sent, ...(id === undefined ? {} : { after: sequencesOf(id, 1)[0] }) }),
      idOf: (_input, { last }) => idOfSequences([Number(last)]),
      next: (input, { last, is_over }) =>
        is_over === true ? undefined : { ...input, after: last, wait_seconds: FOLLOW_WAIT_S },
    },
    input: z.strictObject({
      to: z.int().max(100),
      after: z.int().default(0),
      breaks: z.int().optional(),
      wait_seconds: z.int().default(0),
    }),
    output: z.strictObject({ numbers: z.array(z.int()), last: z.int(), is_over: z.boolean() }),
    async run(input) {
      seen.inputs.push(input)
      const { to, after, breaks } = input
      if (breaks !== undefined && after >= breaks) throw new Error('select secret from hidden_table')
      // An answer without news, as of a question that waited in vain.
      const isNews = seen.inputs.length % 2 === 1 || after === 0
      const numbers = isNews ? [after + 1, after + 2].filter(number => number <= to) : []
      const last = numbers.at(-1) ?? after
      return { numbers, last, is_over: last >= to }
    },
  })
}
