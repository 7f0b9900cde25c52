// A server for the A2A conformance kit: node tests/conformance/a2a-server.ts [port]. The real wire, with workflows that do
// what the kit asks for and a user who is let in without a token, which the kit does not send. Never part of the product.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountAgent } from '../../src/doors.ts'
import { waitUntilActive } from '../../src/features/tenants/wait-until-active.ts'
import type { Tenant } from '../../src/features/tenants/tenant-rows.ts'
import { openGatehouse, type Gatehouse } from '../../src/gatehouse.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { hostPolicy } from '../../src/protocols/http/door/allowed-hosts.ts'
import { listenOnPort } from '../../src/protocols/http/listen.ts'
import { httpServer, type HttpServer } from '../../src/protocols/http/server.ts'
import { tckWorkflows, workflowFor } from './tck-workflows.ts'

const port = Number(process.argv[2] ?? 9_999)
const TENANT = 'conformance'

const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-conformance-'))
const config = loadConfig({
  GATEHOUSE_DATA_DIR: dataDir,
  GATEHOUSE_PUBLIC_URL: `http://127.0.0.1:${port}`,
  GATEHOUSE_SAMPLES: 'off',
  GATEHOUSE_RATE_PER_SECOND: '100000',
  GATEHOUSE_RATE_BURST: '100000',
})
const log = createLogger('warn')
const surroundings = { config, log, workflows: tckWorkflows(), progress: () => undefined }
const gatehouse = await openGatehouse(surroundings)
const { publicUrl } = config
const door = httpServer({
  log,
  isHttps: false,
  hosts: hostPolicy({ publicUrl, isLocal: true, allowedHosts: [] }),
})
// Hooks hold for what is mounted after them.
letEverybodyIn(door, await testUser(gatehouse))
mountAgent(door, gatehouse, surroundings)
await listenOnPort(door.app, { host: '127.0.0.1', port })
process.stdout.write(`conformance server: http://127.0.0.1:${port}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

async function stop(): Promise<void> {
  await door.stop(0)
  await gatehouse.close()
  await rm(dataDir, { recursive: true, force: true })
}

async function testUser({ operate }: Gatehouse): Promise<string> {
  await operate('create_tenant', { slug: TENANT, name: TENANT })
  await waitUntilActive(async () => (await operate('get_tenant', { tenant: TENANT }))['tenant'] as Tenant)
  const made = await operate('create_token', {
    tenant: TENANT,
    user: 'kit',
    scopes: ['tasks:read', 'tasks:write'],
    audience: 'a2a',
    ttl_seconds: 86_400,
  })
  return String(made['token'])
}

/** In front of the wire: who brings no token is the test's user, and a messageId names the workflow. */
function letEverybodyIn({ app }: Pick<HttpServer, 'app'>, token: string): void {
  app.addHook('onRequest', async ({ raw }) => {
    raw.headers.authorization ??= `Bearer ${token}`
  })
  app.addHook('preHandler', async ({ body }) => {
    const { params, message = params?.message } = (body ?? {}) as Sent
    if (message === undefined || message.taskId) return
    message.metadata = { ...message.metadata, skill: workflowFor(message.messageId) }
  })
}

interface Sent {
  readonly params?: { readonly message?: SentMessage }
  /** Over HTTP+JSON. */
  readonly message?: SentMessage
}

interface SentMessage {
  readonly messageId?: unknown
  readonly taskId?: string
  metadata?: Record<string, unknown>
}
