// A whole Gatehouse in this process, as main.ts builds it, on a database of the engine under test and a port of its
// own: for tests of what only the whole can promise.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { publicDoor } from '../../src/doors.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { openGatehouse, type Gatehouse } from '../../src/gatehouse.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger, type Logger } from '../../src/platform/telemetry/logger.ts'
import type { HttpServer } from '../../src/protocols/http/server.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import type { Tenant } from '../../src/features/tenants/tenant-rows.ts'
import { waitUntilActive } from '../../src/features/tenants/wait-until-active.ts'
import type { Workflow } from '../../src/features/agents/workflows/workflow.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

const PUBLIC_URL = 'http://127.0.0.1:8080'

export interface ToolAnswer {
  readonly status: number
  readonly headers: Headers
  /** The text as it came over the wire, without what differs in every answer (request id). */
  readonly text: string
  /** structuredContent, or the error a refused call carries. */
  readonly output: Record<string, unknown>
  readonly isError: boolean
}

export interface TestGatehouse {
  readonly gatehouse: Gatehouse
  /** The database behind it; undefined on the embedded engine, which has no second door. */
  readonly behind: TestDatabase | undefined
  readonly url: string
  /** What the router of the public port knows. */
  readonly routes: HttpServer['routes']
  createTenant(slug: string): Promise<string>
  token(tenant: string, scopes?: readonly string[], user?: string): Promise<string>
  /** The tools as a token's owner is shown them. */
  tools(token: string): Promise<{ readonly name: string }[]>
  /** Runs an operation through the gate as a user of the tenant. */
  run<Answer>(user: TestUser, operation: string, input: unknown): Promise<Answer>
  /** Posts one tools/call to /mcp. */
  call(token: string, tool: string, args: unknown, signal?: AbortSignal): Promise<ToolAnswer>
  close(): Promise<void>
}

export interface TestUser {
  readonly tenantId: string
  readonly subject?: string
  readonly scopes?: readonly string[]
}

const EVERY_SCOPE: readonly string[] = SCOPE_NAMES

/** `log` for tests of what is logged; silent by default. */
export async function openTestGatehouse(
  settings: Record<string, string> = {},
  log: Logger = createLogger('silent'),
  workflows: readonly Workflow[] = [],
): Promise<TestGatehouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-test-'))
  const behind = inject('engine') === 'postgres' ? await openTestDatabase() : undefined
  const config = loadConfig({
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_PUBLIC_URL: PUBLIC_URL,
    GATEHOUSE_SAMPLES: 'off',
    ...(behind?.urls === undefined
      ? {}
      : {
          DATABASE_URL: behind.urls.app,
          DATABASE_OWNER_URL: behind.urls.owner,
          DATABASE_WORKER_URL: behind.urls.worker,
        }),
    ...settings,
  })
  const surroundings = { config, log, workflows, progress: () => undefined }
  const gatehouse = await openGatehouse(surroundings)
  const door = publicDoor(gatehouse, surroundings)
  const port = await listenOnPort(door.app, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${port}`
  const tenantNamed = async (tenant: string): Promise<Tenant> =>
    (await gatehouse.operate('get_tenant', { tenant }))['tenant'] as Tenant
  return {
    gatehouse,
    behind,
    url,
    routes: door.routes,
    async createTenant(slug) {
      await gatehouse.operate('create_tenant', { slug, name: slug })
      return (await waitUntilActive(() => tenantNamed(slug))).id
    },
    async token(tenant, scopes = ['documents:read', 'documents:write'], user = 'tester') {
      return String((await gatehouse.operate('create_token', { tenant, user, scopes }))['token'])
    },
    run: <Answer>(
      { tenantId, subject = 'tester', scopes = EVERY_SCOPE }: TestUser,
      name: string,
      input: unknown,
    ) => {
      const operation = gatehouse.catalog.find(one => one.name === name)
      if (operation === undefined) throw new Error(`no operation ${name}`)
      const principal = {
        realm: 'tenant' as const,
        tenantId,
        subject,
        scopes: new Set(scopes),
        tokenId: `test-${subject}`,
        expiresAt: 4_102_444_800,
      }
      const context = { requestId: 'test', signal: AbortSignal.timeout(60_000) }
      return gatehouse.run(operation, input, principal, context) as Promise<Answer>
    },
    tools: async token => {
      const { message } = await post(url, { token, method: 'tools/list', params: {} })
      return message.result?.tools ?? []
    },
    call: (token, tool, args, signal) => callTool(url, { token, tool, args, signal }),
    async close() {
      await door.stop()
      await gatehouse.close()
      await behind?.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

interface ToolCall {
  readonly token: string
  readonly tool: string
  readonly args: unknown
  readonly signal: AbortSignal | undefined
}

async function callTool(url: string, { token, tool, args, signal }: ToolCall): Promise<ToolAnswer> {
  const params = { name: tool, arguments: args }
  const { response, body, message } = await post(url, { token, method: 'tools/call', params, signal })
  const { structuredContent, content, isError = false } = message.result ?? {}
  const said = JSON.parse(content?.[0]?.text ?? '{}') as { error?: Record<string, unknown> }
  return {
    status: response.status,
    headers: response.headers,
    text: body.replaceAll(/((?:request|trace)_id\\?":\\?")[^"\\]+/g, '$1…'),
    output: structuredContent ?? said.error ?? (message as Record<string, unknown>),
    isError,
  }
}

interface Posting {
  readonly token: string
  readonly method: string
  readonly params: unknown
  readonly signal?: AbortSignal | undefined
}

async function post(url: string, { token, method, params, signal }: Posting) {
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    ...(signal === undefined ? {} : { signal }),
  })
  const body = await response.text()
  return { response, body, message: JSON.parse(/^data: (.*)$/m.exec(body)?.[1] ?? body) as Message }
}

interface Message {
  readonly result?: {
    readonly tools?: { readonly name: string }[]
    readonly structuredContent?: Record<string, unknown>
    readonly content?: readonly { readonly text: string }[]
    readonly isError?: boolean
  }
}
