// The same searches end to end: a real server process, a token, HTTP on connections that stay open, tools/call, the gate,
// the query's vector from a server on loopback, the database, the audit. And what the article loads its server with.
import type { SearchGround } from '../ground/search-ground.ts'
import type { Lines } from '../report/lines.ts'
import { embeddingStub } from '../wire/embedding-stub.ts'
import { keepAliveClient } from '../wire/keep-alive-client.ts'
import { processorMsOf, startServer, type ServerProcess } from '../wire/server-process.ts'
import { closedLoop, figuresOf } from './loops.ts'
import { measuredTenants, questionsOf, sizeOf, type Question, type Tenant } from './questions.ts'

export const OVER_MCP = 'Over MCP, closed loop'
export const RECIPE = "The article's load recipe"
export const MEMORY = 'Memory of the server process'

const QUESTIONS = 3_000
/** Searches at most before each load is timed. */
const WARM_UP = 300
/** `hey -n 10000 -c 100`. */
const RECIPE_CALLS = 10_000
const RECIPE_CONNECTIONS = 100

export interface McpPlan {
  readonly connections: readonly number[]
  readonly seconds: number
  /** No load of the recipe goes on for longer. */
  readonly recipeSeconds: number
  readonly isProfiled: boolean
}

/** Answers with the server's CPU profile, if it was asked for. */
export async function searchOverMcp(
  ground: SearchGround,
  plan: McpPlan,
  lines: Lines,
): Promise<string | undefined> {
  const stub = await embeddingStub()
  const { database } = ground
  const server = await startServer({ database, embeddingUrl: stub.url, isProfiled: plan.isProfiled })
  let profile: string | undefined
  try {
    lines.add(MEMORY, { when: 'started' }, { MB: server.memory() })
    for (const tenant of measuredTenants(ground)) {
      const token = await server.token(tenant.slug)
      const questions = questionsOf(ground, tenant, QUESTIONS)
      stub.plan(questions)
      for (const [pass, connections] of plan.connections.entries())
        await oneLoad({ server, database, token, tenant, questions, connections, pass }, plan.seconds, lines)
      if (!plan.isProfiled && tenant === measuredTenants(ground).at(-1))
        await recipe(
          { server, token, question: questions[0] as Question, seconds: plan.recipeSeconds },
          lines,
        )
    }
    lines.add(MEMORY, { when: 'after all loads' }, { MB: server.memory() })
  } finally {
    profile = await server.stop()
    stub.close()
  }
  return profile
}

interface Load {
  readonly server: ServerProcess
  readonly database: SearchGround['database']
  readonly token: string
  readonly tenant: Tenant
  readonly questions: readonly Question[]
  readonly connections: number
  readonly pass: number
}

async function oneLoad(load: Load, seconds: number, lines: Lines): Promise<void> {
  const { server, token, tenant, questions, connections, pass } = load
  const client = await keepAliveClient({
    port: server.port,
    path: '/mcp',
    headers: headersOf(token, MODERN),
    connections,
  })
  let degraded = 0
  const call = async (at: number): Promise<void> => {
    // Each load begins elsewhere and asks the words in another order: no answer is one that was kept.
    const asked = at + pass * WARM_UP
    const { text } = questions[asked % QUESTIONS] as Question
    const answer = await client.post(searchFor(turned(text, pass + Math.floor(asked / QUESTIONS)), MODERN))
    if (answer.includes('"isError":true')) throw new Error(`a search failed: ${answer.slice(0, 500)}`)
    if (answer.includes('"degraded"')) degraded++
  }
  try {
    await closedLoop({ callers: connections, seconds: 1, calls: WARM_UP }, async at =>
      call(at - WARM_UP + QUESTIONS),
    )
    degraded = 0
    const before = await processorTimes(load)
    const timed = await closedLoop({ callers: connections, seconds }, call)
    const after = await processorTimes(load)
    const count = timed.latencies.length
    lines.add(
      OVER_MCP,
      { tenant: sizeOf(tenant), connections: String(connections) },
      {
        ...figuresOf(timed),
        'words only': degraded,
        'CPU ms: server': (after.server - before.server) / count,
        database: (after.database - before.database) / count,
        'client and embedder': (after.client - before.client) / count,
      },
    )
  } finally {
    client.close()
  }
}

async function processorTimes({
  server,
  database,
}: Load): Promise<{ server: number; database: number; client: number }> {
  const backends = await database.asAdmin(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const { user, system } = process.cpuUsage()
  return {
    server: server.processorMs() ?? Number.NaN,
    database: backends.reduce((sum, { pid }) => sum + (processorMsOf(String(pid)) ?? Number.NaN), 0),
    client: (user + system) / 1_000,
  }
}

interface Recipe {
  readonly server: ServerProcess
  readonly token: string
  readonly question: Question
  readonly seconds: number
}

/** 10,000 requests on 100 connections, of a call that touches no data and of one search over and over. */
async function recipe({ server, token, question, seconds }: Recipe, lines: Lines): Promise<void> {
  for (const revision of [LEGACY, MODERN]) {
    const bodies = {
      'tools/list': message('tools/list', {}, revision),
      'hybrid_search, the same again': searchFor(question.text, revision),
    }
    for (const [what, body] of Object.entries(bodies)) {
      const headers = headersOf(token, revision, what === 'tools/list' ? what : 'tools/call')
      const client = await keepAliveClient({
        port: server.port,
        path: '/mcp',
        headers,
        connections: RECIPE_CONNECTIONS,
      })
      const load = { callers: RECIPE_CONNECTIONS, calls: RECIPE_CALLS, seconds }
      const timed = await closedLoop(load, () => client.post(body))
      client.close()
      lines.add(
        RECIPE,
        { call: what, 'MCP revision': revision },
        { requests: timed.latencies.length, ...figuresOf(timed) },
      )
    }
  }
}

const MODERN = '2026-07-28'
/** The article's payload says no revision: it is answered as clients up to this one expect, in an event stream. */
const LEGACY = '2025-11-25'
const META = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
}

function headersOf(token: string, revision: string, method = 'tools/call'): Record<string, string> {
  const named: Record<string, string> = method === 'tools/call' ? { 'Mcp-Name': 'hybrid_search' } : {}
  const modern: Record<string, string> =
    revision === MODERN ? { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...named } : {}
  return {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    ...modern,
  }
}

function searchFor(query: string, revision: string): string {
  return message('tools/call', { name: 'hybrid_search', arguments: { query, limit: 10 } }, revision)
}

function message(method: string, params: Record<string, unknown>, revision: string): string {
  const said = revision === MODERN ? { ...params, _meta: META } : params
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: said })
}

function turned(text: string, by: number): string {
  const words = text.split(' ')
  const at = by % words.length
  return [...words.slice(at), ...words.slice(0, at)].join(' ')
}
