// The samples answer what they were written for: every query of samples/queries.json, over MCP, as its tenant.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeployment, type Deployment } from './server-process.ts'
import { mcpCaller, type McpCaller, type SearchAnswer } from './tool-caller.ts'

interface Expectation {
  readonly tenant: string
  readonly query: string
  /** External ids; each has to be among the first three hits. */
  readonly expect: readonly string[]
}

const SAMPLES = join(import.meta.dirname, '../../samples')
const EXPECTATIONS = JSON.parse(readFileSync(join(SAMPLES, 'queries.json'), 'utf8')) as Expectation[]

let deployment: Deployment
const callers = new Map<string, McpCaller>()
/** Hits carry our ids; the samples are known by their own. */
const externalIds = new Map<string, string>()

beforeAll(async () => {
  deployment = await openDeployment({ samples: true })
  await deployment.start()
  for (const tenant of new Set(EXPECTATIONS.map(one => one.tenant))) {
    // One of them is on the free tier, which has ten calls a minute.
    await deployment.json('tenant', 'update', tenant, '--tier', 'standard')
    const caller = mcpCaller(deployment, await deployment.token(tenant))
    callers.set(tenant, caller)
    for (const { document_id, external_id = '' } of await caller.list())
      externalIds.set(document_id, external_id)
  }
})
afterAll(() => deployment.close())

async function search(tool: string, tenant: string, asked: Record<string, unknown>) {
  const { hits } = await callers.get(tenant)!.tool<SearchAnswer>(tool, { limit: 3, ...asked })
  return hits.map(hit => ({ ...hit, sample: externalIds.get(hit.doc_id) }))
}

test.for([
  { tool: 'search_documents', allowed: 0 },
  // By how like whole passages are, a few come out below the third place: which ones, the test prints.
  { tool: 'hybrid_search', allowed: 3 },
])(
  '$tool finds the expected samples among its first three hits, all but $allowed',
  async ({ tool, allowed }) => {
    const missed: string[] = []
    for (const { tenant, query, expect: samples } of EXPECTATIONS) {
      const found = (await search(tool, tenant, { query })).map(({ sample }) => sample)
      missed.push(...samples.filter(one => !found.includes(one)).map(one => `${one} for "${query}"`))
    }
    console.log(`${tool} missed ${missed.length}: ${missed.join('; ')}`)
    expect(EXPECTATIONS.length).toBeGreaterThan(50)
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(allowed)
  },
)

interface Unembedded {
  readonly tenant: string
  readonly sample: string
  readonly title: string
}

const UNEMBEDDED: Unembedded[] = globSync('*/*.md', { cwd: SAMPLES }).flatMap(path => {
  const text = readFileSync(join(SAMPLES, path), 'utf8')
  if (!/^embed: false$/m.test(text)) return []
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
  return [{ tenant: dirname(path), sample: field('external_id'), title: field('title') }]
})

test('a sample without an embedding is found by its words, with a vector score of 0', async () => {
  expect(UNEMBEDDED.length).toBeGreaterThan(1)
  for (const { tenant, sample, title } of UNEMBEDDED) {
    const hits = await search('hybrid_search', tenant, { query: title, limit: 10 })
    const hit = hits.find(found => found.sample === sample)
    expect(hit, sample).toMatchObject({ vector_score: 0, title })
    expect(hit!.bm25_score).toBeGreaterThan(0)
    expect(hit!.explanation).not.toHaveProperty('vector')
  }
})

test('where no word is right, likeness alone still finds, with a BM25 score of 0', async () => {
  const asked = { query: 'machien lerning', bm25_weight: 0, vector_weight: 1 }
  const hits = await search('hybrid_search', 'quillon-bay', asked)
  expect(hits.length).toBe(3)
  for (const hit of hits) {
    expect(hit.vector_score).toBeGreaterThan(0)
    expect(hit.bm25_score).toBe(0)
  }
})
