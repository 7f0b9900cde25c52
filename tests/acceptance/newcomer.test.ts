// The first hour of a newcomer: start the server, paste what it prints, search as two tenants, start it again.
import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeployment, stop, type Deployment, type RunningProcess } from './server-process.ts'
import { mcpCaller, type McpCaller, type SearchAnswer } from './tool-caller.ts'

const QUERY = 'SEC disclosure requirements GDPR data breach'
const TENANTS = ['penhallow-strake', 'quillon-bay'] as const

let deployment: Deployment
let server: RunningProcess
const ids = new Map<string, string>()
const callers = new Map<string, McpCaller>()
const as = (slug: string): McpCaller => callers.get(slug)!

beforeAll(async () => {
  deployment = await openDeployment({ samples: true })
  server = await deployment.start()
  const tenants = await deployment.json<{ id: string; slug: string }[]>('tenant', 'list')
  for (const { id, slug } of tenants) ids.set(slug, id)
  for (const slug of TENANTS) callers.set(slug, mcpCaller(deployment, await deployment.token(slug)))
})
afterAll(() => deployment.close())

test('the first start says where MCP is served and seeds the three sample tenants', () => {
  expect(server.stdout()).toContain(`Gatehouse serves MCP at ${deployment.url}/mcp\n`)
  expect([...ids.keys()].sort()).toEqual(['foldwick', 'penhallow-strake', 'quillon-bay'])
})

// A shell and curl are what a newcomer has; the slimmest images have neither.
const hasCurl = spawnSync('curl', ['--version']).status === 0

test.skipIf(!hasCurl)('every curl command it prints works as printed, each as its own tenant', async () => {
  const commands = [...server.stdout().matchAll(/^Search as (\S+) .*\n\n((?: .*\n)+)/gm)]
  expect(commands.length).toBe(2)
  for (const [, slug = '', command = ''] of commands) {
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command])
    expect(stderr).toBe('')
    const { result } = JSON.parse(stdout) as { result: { structuredContent: SearchAnswer } }
    const { hits } = result.structuredContent
    expect(hits.length, command).toBeGreaterThan(0)
    expect(new Set(hits.map(hit => hit.tenant_id))).toEqual(new Set([ids.get(slug)]))
  }
})

test.for(['hybrid_search', 'search_documents'])(
  'two tenants who ask %s the same get hits of their own and none in common',
  async tool => {
    const asked = { query: QUERY, limit: 50 }
    const answers = await Promise.all(TENANTS.map(slug => as(slug).tool<SearchAnswer>(tool, asked)))
    for (const [at, { hits }] of answers.entries()) {
      expect(hits.length).toBeGreaterThan(3)
      expect(new Set(hits.map(hit => hit.tenant_id))).toEqual(new Set([ids.get(TENANTS[at]!)]))
    }
    const [first, second] = answers.map(({ hits }) => new Set(hits.map(hit => hit.doc_id)))
    expect(first!.intersection(second!)).toEqual(new Set())
  },
)

test.for(['retrieve_document', 'delete_document'])(
  'to %s the id of another tenant is, byte for byte, an id that nobody has',
  async tool => {
    const [mine] = await as('penhallow-strake').list()
    const ask = async (document_id: string) => {
      const answer = await as('quillon-bay').answer(tool, { document_id }, { 'x-request-id': 'the-same' })
      const headers = [...answer.headers].filter(([name]) => !/^(date|ratelimit)/.test(name))
      return { status: answer.status, text: answer.text, headers, error: answer.error }
    }
    const foreign = await ask(mine!.document_id)
    expect(foreign.error).toMatchObject({ code: 'not_found' })
    expect(foreign).toEqual(await ask(randomUUID()))
    const still = await as('penhallow-strake').tool('retrieve_document', { document_id: mine!.document_id })
    expect(still['title']).toBe(mine!.title)
  },
)

test('a second start migrates and seeds nothing anew', async () => {
  const before = await Promise.all(TENANTS.map(slug => as(slug).list()))
  expect((await stop(server)).code).toBe(0)
  server = await deployment.start()
  expect(server.stderr()).not.toContain('samples of')
  expect(server.stderr()).not.toContain('migrated')
  expect(await Promise.all(TENANTS.map(slug => as(slug).list()))).toEqual(before)
})
