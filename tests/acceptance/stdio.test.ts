// `serve --stdio` as a desktop client starts it: attached to a running server, and alone. Clients that others wrote
// speak to it, and a plain pipe looks at every line.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  environment,
  MAIN,
  openDeployment,
  stop,
  type Deployment,
  type RunningProcess,
} from './server-process.ts'
import { mcpCaller, type SearchAnswer } from './tool-caller.ts'

const TOOLS = [
  'add_document',
  'ask',
  'cancel_task',
  'delete_document',
  'follow_ingestions',
  'get_task',
  'hybrid_search',
  'list_documents',
  'list_ingestions',
  'retrieve_document',
  'retry_ingestion',
  'search_documents',
  'start_task',
  'update_document',
  'upload_blob',
]
const MARKER = 'verdigris'

let deployment: Deployment
let tenantId: string
let documentId: string
let server: RunningProcess

// Two tenants with the same words, so that a wrong tenant would show.
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
  for (const slug of ['other', 'foldwick']) {
    tenantId = (await deployment.json<{ id: string }>('tenant', 'create', slug)).id
    const caller = mcpCaller(deployment, await deployment.token(slug))
    documentId = (
      await caller.tool<{ document_id: string }>('add_document', { title: slug, content: MARKER })
    ).document_id
  }
})
afterAll(() => deployment.close())

const commandLine = (tenant: string) => [MAIN, 'serve', '--stdio', '--tenant', tenant]
const launch = () => ({
  command: process.execPath,
  args: commandLine('foldwick'),
  env: environment(deployment.env),
  stderr: 'pipe' as const,
})

interface Session {
  readonly pid: number | null
  readonly revision?: string | undefined
  tools(): Promise<string[]>
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
  close(): Promise<void>
}

const identity = { name: 'desk', version: '1.0.0' }
const CLIENTS: Record<string, { revision?: string; connect(): Promise<Session> }> = {
  '@modelcontextprotocol/sdk 1': {
    async connect() {
      const client = new OlderClient(identity)
      const transport = new OlderTransport(launch())
      await client.connect(transport)
      return {
        pid: transport.pid,
        tools: async () => (await client.listTools()).tools.map(({ name }) => name),
        call: (name, args) => client.callTool({ name, arguments: args }),
        close: () => client.close(),
      }
    },
  },
  '@modelcontextprotocol/client 2 (default)': { revision: '2025-11-25', connect: () => modern('legacy') },
  '@modelcontextprotocol/client 2 (auto)': { revision: '2026-07-28', connect: () => modern('auto') },
}

async function modern(mode: 'auto' | 'legacy'): Promise<Session> {
  const client = new ModernClient(identity, { versionNegotiation: { mode } })
  const transport = new ModernTransport(launch())
  await client.connect(transport)
  return {
    pid: transport.pid,
    revision: client.getNegotiatedProtocolVersion(),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  }
}

interface Piped {
  readonly code: number | null
  readonly lines: string[]
  readonly stderr: string
}

/** Writes all messages at once, ends the input and reads to the end. */
async function pipe(tenant: string, messages: readonly object[]): Promise<Piped> {
  const child = spawn(process.execPath, commandLine(tenant), { env: environment(deployment.env) })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => void (said[name] += text))
  // A process that refuses to start does not read.
  child.stdin.on('error', () => undefined)
  child.stdin.end(messages.map(message => `${JSON.stringify(message)}\n`).join(''))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  expect(said.stdout === '' || said.stdout.endsWith('\n')).toBe(true)
  return { code, lines: said.stdout.split('\n').slice(0, -1), stderr: said.stderr }
}

const MESSAGES = [
  {
    jsonrpc: '2.0',
    id: 'begin',
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: identity },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: 'tools', method: 'tools/list' },
  {
    jsonrpc: '2.0',
    id: 'search',
    method: 'tools/call',
    params: { name: 'search_documents', arguments: { query: MARKER } },
  },
  {
    jsonrpc: '2.0',
    id: 'wrong',
    method: 'tools/call',
    params: { name: 'search_documents', arguments: { query: '' } },
  },
]

function behavesAsAServer(): void {
  test.for(Object.entries(CLIENTS))(
    '%s lists the tools and searches its tenant alone',
    async ([, client]) => {
      const session = await client.connect()
      if (client.revision !== undefined) expect(session.revision).toBe(client.revision)
      expect((await session.tools()).sort()).toEqual(TOOLS)
      const { structuredContent } = await session.call('search_documents', { query: MARKER })
      const { hits } = structuredContent as SearchAnswer
      expect(hits).toMatchObject([{ doc_id: documentId, tenant_id: tenantId, title: 'foldwick' }])
      await session.close()
      expect(isAlive(session.pid!)).toBe(false)
    },
  )

  test('standard output holds one JSON-RPC answer a request and nothing else', async () => {
    const { code, lines, stderr } = await pipe('foldwick', MESSAGES)
    const answers = lines.map(line => JSON.parse(line) as { jsonrpc: string; id: string })
    for (const { jsonrpc } of answers) expect(jsonrpc).toBe('2.0')
    expect(answers.map(({ id }) => id).sort()).toEqual(['begin', 'search', 'tools', 'wrong'])
    const byId = new Map(answers.map(answer => [answer.id, answer]))
    expect(byId.get('begin')).toMatchObject({ result: { serverInfo: { name: 'gatehouse' } } })
    expect(byId.get('search')).toMatchObject({
      result: { structuredContent: { hits: [{ doc_id: documentId }] } },
    })
    expect(byId.get('wrong')).toMatchObject({ result: { isError: true } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('an unknown tenant is told on standard error and ends with code 7', async () => {
    const { code, lines, stderr } = await pipe('nobody', MESSAGES)
    expect(stderr).toContain('gatehouse: There is no tenant "nobody".')
    expect({ code, lines }).toEqual({ code: 7, lines: [] })
  })
}

describe('attached to a running server', () => {
  behavesAsAServer()

  test('the server goes on when the client has left', async () => {
    expect(isAlive(server.pid)).toBe(true)
    expect((await fetch(`${deployment.url}/livez`)).status).toBe(200)
  })
})

describe('alone', () => {
  beforeAll(() => stop(server))
  behavesAsAServer()

  test('nothing is left open when the client has left', () => {
    for (const left of ['lock', 'socket-path', 'socket/gatehouse.sock'])
      expect(existsSync(join(deployment.dataDir, left)), left).toBe(false)
  })

  test('without a tenant it says what is missing', async () => {
    const { code, stderr } = await deployment.command('serve', '--stdio')
    expect(stderr).toContain('--tenant')
    expect(code).toBe(2)
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
