// kill -9 at any moment: what was acknowledged is there afterwards, what was not is there whole or not at all, and
// what was begun is finished by the next server.
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { longText } from '../acceptance/long-text.ts'
import {
  ENGINE,
  openDeployment,
  until,
  type Deployment,
  type RunningProcess,
} from '../acceptance/server-process.ts'
import { mcpCaller, type McpCaller, type SearchAnswer } from '../acceptance/tool-caller.ts'

/** Passages of the documents. A transaction has batches of 200: kills fall into one, between two, at the commit. */
const { KILLS, SIZES, WRITERS } =
  ENGINE === 'pglite'
    ? { KILLS: 5, SIZES: [10, 50, 250], WRITERS: 1 }
    : { KILLS: 12, SIZES: [10, 100, 450], WRITERS: 2 }
const LATEST_KILL_MS = 800

// Half a minute each on a machine at rest.
vi.setConfig({ testTimeout: 300_000 })

let deployment: Deployment
let server: RunningProcess
beforeAll(async () => {
  deployment = await openDeployment()
  server = await deployment.start()
})
afterAll(() => deployment.close())

/** The end of a process that nothing can prepare for, and the start of the next one. */
async function killAndRestart(): Promise<void> {
  server.signal('SIGKILL')
  await server.ended
  server = await deployment.start()
}

/** The title is the document's own word, and says how long its text is. */
const titleOf = (at: number, passages: number): string => `mk${at}p${passages}`
const contentOf = (title: string): string => longText(title, Number(title.split('p')[1]))
const add = async (caller: McpCaller, title: string): Promise<string> =>
  (await caller.tool<{ document_id: string }>('add_document', { title, content: contentOf(title) }))
    .document_id

/** What a search for words tells: the words it knows, the documents, and their scores. */
async function found(caller: McpCaller, query: string) {
  const { hits, searched } = await caller.tool<SearchAnswer>('search_documents', { query, limit: 50 })
  return {
    hits,
    terms: searched.terms,
    // Not the titles: which of many equal scores is among the first fifty is for the ids to say, and those differ.
    scores: hits.map(hit => hit.bm25_score.toPrecision(12)),
  }
}

test('a server killed while it takes documents in keeps all it acknowledged, and nothing by half', async () => {
  await deployment.json('tenant', 'create', 'killed')
  const caller = mcpCaller(deployment, await deployment.token('killed'))
  const begun: string[] = []
  const acknowledged = new Map<string, string>()
  const addNext = async (passages: number): Promise<void> => {
    const title = titleOf(begun.length, passages)
    begun.push(title)
    acknowledged.set(title, await add(caller, title))
  }
  const writeUntilKilled = async (): Promise<void> => {
    for (;;) await addNext(SIZES[randomInt(SIZES.length)]!)
  }
  for (let kill = 1; kill <= KILLS; kill++) {
    await addNext(5)
    const writers = Array.from({ length: WRITERS }, () => writeUntilKilled().catch((error: unknown) => error))
    await sleep(randomInt(LATEST_KILL_MS))
    await killAndRestart()
    // What fetch throws when the connection is gone: no call was refused.
    for (const ended of await Promise.all(writers)) expect(ended).toBeInstanceOf(TypeError)
    const listed = new Map((await caller.list()).map(({ title, document_id }) => [title, document_id]))
    for (const [title, id] of acknowledged) expect(listed.get(title), `${title} after kill ${kill}`).toBe(id)
  }
  console.log(`${KILLS} kills: ${begun.length} documents begun, ${acknowledged.size} acknowledged`)

  // It goes on where it was; and with this commit whatever a dead process had left running is over.
  await addNext(5)
  const listed = new Map((await caller.list()).map(({ title, document_id }) => [title, document_id]))
  for (const title of begun) await expectWholeOrAbsent(caller, title, listed.get(title))
  await expectSameAsNeverKilled(caller, [...listed.keys()].sort())
})

/** Lists, texts and search tables tell the same of a document. */
async function expectWholeOrAbsent(caller: McpCaller, title: string, id: string | undefined): Promise<void> {
  const { hits, terms } = await found(caller, title)
  if (id === undefined) {
    // Not even the statistics know its word.
    expect({ hits, terms }, title).toEqual({ hits: [], terms: [] })
    return
  }
  expect(
    hits.map(hit => hit.doc_id),
    title,
  ).toEqual([id])
  const { content } = await caller.tool<{ content: string }>('retrieve_document', { document_id: id })
  expect(content === contentOf(title), title).toBe(true)
}

/** A score is made of all statistics: chunks of the tenant, their length, chunks with the word. One count off shows. */
async function expectSameAsNeverKilled(caller: McpCaller, titles: readonly string[]): Promise<void> {
  await deployment.json('tenant', 'create', 'spared')
  const spared = mcpCaller(deployment, await deployment.token('spared'))
  for (const title of titles) await add(spared, title)
  for (const query of [...titles, 'quorum', 'w1000 w1011 w4444']) {
    const [killed, never] = [await found(caller, query), await found(spared, query)]
    expect(killed.terms).toEqual(never.terms)
    expect(killed.scores.sort(), query).toEqual(never.scores.sort())
  }
}

test('a tenant whose creation a kill cut off is finished by the next server', async () => {
  const slugs = ['cut-0', 'cut-1', 'cut-2', 'cut-3']
  for (const slug of slugs) {
    const before = requests()
    const command = deployment.spawn(['tenant', 'create', slug])
    // The order stands; the maintainer may be anywhere in carrying it out.
    await until(() => requests() > before, 'the tenant is ordered')
    await sleep(randomInt(120))
    server.signal('SIGKILL')
    await server.ended
    expect((await command.ended).code).toBeOneOf([0, 4])
    server = await deployment.start()
  }
  const statusOf = async (slug: string) =>
    (await deployment.json<{ status: string }>('tenant', 'show', slug)).status
  for (const slug of slugs) {
    // A job whose worker is gone is noticed by its heart, which beats every 15 s.
    await until(async () => (await statusOf(slug)) === 'active', `${slug} is active`, 60_000)
    const caller = mcpCaller(deployment, await deployment.token(slug))
    const id = await add(caller, titleOf(0, 5))
    expect((await found(caller, titleOf(0, 5))).hits.map(hit => hit.doc_id)).toEqual([id])
  }
})

/** Tenants that the running server was told to create, by its log. */
const requests = (): number => server.stderr().split('"route":"/api/create_tenant","status":200').length
