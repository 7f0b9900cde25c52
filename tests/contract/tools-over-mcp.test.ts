// Every tool, by outcome, over the real wire of a whole Gatehouse: what a client is told when it works, when the
// input is wrong, when the scope is missing, when the thing is not there, when it calls too often.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'

/** What it begins can be cancelled. */
const forever = defineWorkflow({
  name: 'forever',
  title: 'For ever',
  description: 'Works.',
  tags: [],
  examples: [],
  input: z.strictObject({}),
  steps: [{ name: 'work', title: 'Work', after: [], replay: 'safe' }],
  run: (_input, work) => work.step('work', ({ signal }) => pause(600_000, {}, { signal })),
})

let house: TestGatehouse
let writer: string
let reader: string
let powerless: string
let neighbour: string
let documentId: string
let tenantId: string

beforeAll(async () => {
  house = await openTestGatehouse({}, undefined, [forever])
  tenantId = await house.createTenant('alpha')
  await house.createTenant('beta')
  writer = await house.token('alpha', ['documents:read', 'documents:write', 'tasks:read', 'tasks:write'])
  reader = await house.token('alpha', ['documents:read'])
  powerless = await house.token('alpha', ['timing:read'])
  neighbour = await house.token('beta')
  const added = await house.call(writer, 'add_document', {
    title: 'Harbour rules',
    content: 'Boats moor at the eastern quay. The lantern is lit at dusk.',
    external_id: 'harbour',
  })
  documentId = String(added.output['document_id'])
})
afterAll(() => house.close())

const UNKNOWN = '0198f000-0000-7000-8000-000000000000'
const TOOLS = {
  hybrid_search: {
    good: { query: 'lantern' },
    bad: { query: 'lantern', limit: 51 },
    scope: 'documents:read',
  },
  search_documents: { good: { query: 'lantern' }, bad: { query: '   ' }, scope: 'documents:read' },
  list_documents: { good: {}, bad: { cursor: 'nonsense' }, scope: 'documents:read' },
  retrieve_document: {
    good: () => ({ document_id: documentId }),
    bad: { document_id: 'x' },
    scope: 'documents:read',
  },
  add_document: {
    good: { title: 't', content: 'c' },
    bad: { title: '', content: 'c' },
    scope: 'documents:write',
  },
  delete_document: {
    good: async () => ({
      document_id: String(
        (await house.call(writer, 'add_document', TOOLS.add_document.good)).output['document_id'],
      ),
    }),
    bad: { document_id: 7 },
    scope: 'documents:write',
  },
  update_document: {
    good: () => ({ document_id: documentId, labels: ['updated'] }),
    bad: { document_id: 7 },
    scope: 'documents:write',
  },
  upload_blob: { good: { data: 'YQ==' }, bad: { data: 'not base64!' }, scope: 'documents:write' },
  follow_ingestions: {
    good: { ingestions: [{ ingestion_id: '0198aaaa-0000-7000-8000-000000000000' }] },
    bad: { ingestions: [] },
    scope: 'documents:read',
  },
  list_ingestions: { good: {}, bad: { state: 'lost' }, scope: 'documents:read' },
  ask: { good: { question: 'Which quay?' }, bad: { question: '' }, scope: 'documents:read' },
  retry_ingestion: {
    good: () => failedIngestion(),
    bad: { ingestion_id: 'x' },
    scope: 'documents:write',
  },
  start_task: { good: { workflow: 'forever' }, bad: { question: '' }, scope: 'tasks:write' },
  get_task: { good: () => startedTask(), bad: { task_id: 'x' }, scope: 'tasks:read' },
  cancel_task: { good: () => startedTask(), bad: { task_id: 'x' }, scope: 'tasks:write' },
} as const

async function startedTask(): Promise<{ task_id: string }> {
  const { output } = await house.call(writer, 'start_task', TOOLS.start_task.good)
  return { task_id: (output['task'] as { task_id: string }).task_id }
}

/** What is no file of any kind fails, and can be tried again. */
async function failedIngestion(): Promise<{ ingestion_id: string }> {
  const data = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64')
  const { output } = await house.call(writer, 'add_document', { data, name: 'x.png' })
  const ingestion_id = String(output['ingestion_id'])
  for (let after = 0; ; ) {
    const follow = { ingestions: [{ ingestion_id, after }], wait_seconds: 20 }
    const answer = await house.call(writer, 'follow_ingestions', follow)
    const events = answer.output['events'] as { kind: string; sequence: number }[]
    if (events.some(({ kind }) => kind === 'failed')) return { ingestion_id }
    expect(events.map(({ kind }) => kind)).not.toContain('published')
    after = events.at(-1)?.sequence ?? after
  }
}

describe.each(Object.keys(TOOLS) as (keyof typeof TOOLS)[])('%s', name => {
  const tool = TOOLS[name]
  const good = async (): Promise<unknown> => (typeof tool.good === 'function' ? tool.good() : tool.good)

  test('answers with structured content', async () => {
    const answer = await house.call(writer, name, await good())
    expect(answer).toMatchObject({ status: 200, isError: false })
  })

  test('refuses bad input as a tool error that names the field', async () => {
    const { status, isError, output } = await house.call(writer, name, tool.bad)
    expect({ status, isError, code: output['code'] }).toEqual({
      status: 200,
      isError: true,
      code: 'invalid_input',
    })
    expect(output['issues']).toHaveLength(1)
  })

  test('refuses an unknown argument by its name', async () => {
    const { output } = await house.call(writer, name, { ...((await good()) as object), tenant_id: UNKNOWN })
    expect(output).toMatchObject({ code: 'invalid_input', issues: [{ field: 'tenant_id' }] })
  })

  test('challenges a token without its scope, naming the scope, and puts the refusal on record', async () => {
    const answer = await house.call(powerless, name, await good())
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain(
      `scope="${tool.scope}", error="insufficient_scope"`,
    )
    const [row] = await house.gatehouse.opened.database.readAs({ tenantId, subject: 'test' }, tx =>
      tx.all(sql`select operation, outcome, fault from app.audit order by sequence desc limit 1`),
    )
    expect(row).toEqual({ operation: name, outcome: 'refused', fault: 'forbidden' })
  })
})

test('a reader may not write, and is not shown the tools that do', async () => {
  expect((await house.call(reader, 'add_document', TOOLS.add_document.good)).status).toBe(403)
  expect((await house.tools(reader)).map(tool => tool.name)).toEqual([
    'hybrid_search',
    'search_documents',
    'retrieve_document',
    'list_documents',
    'follow_ingestions',
    'list_ingestions',
    'ask',
  ])
})

test('MC15 a tool does not change unnoticed: names, descriptions, schemas and annotations are pinned', async () => {
  await expect(JSON.stringify(await house.tools(writer), null, 2)).toMatchFileSnapshot('tools.snapshot.json')
})

test.each(['retrieve_document', 'delete_document'])(
  'RL15 %s answers a foreign id byte for byte like one that nobody made',
  async name => {
    const foreign = await house.call(neighbour, name, { document_id: documentId })
    const unknown = await house.call(neighbour, name, { document_id: UNKNOWN })
    expect(foreign.output['code']).toBe('not_found')
    expect(foreign.text).toBe(unknown.text)
    expect((await house.call(writer, 'retrieve_document', { document_id: documentId })).isError).toBe(false)
  },
)

test('neighbours see nothing of each other in any list or search', async () => {
  for (const [name, args] of [
    ['hybrid_search', { query: 'lantern quay' }],
    ['search_documents', { query: 'lantern quay' }],
  ] as const) {
    expect((await house.call(neighbour, name, args)).output['hits']).toEqual([])
  }
  expect((await house.call(neighbour, 'list_documents', {})).output['documents']).toEqual([])
})

test('a call too many is refused with the time to wait', async () => {
  const slow = await openTestGatehouse({ GATEHOUSE_RATE_PER_SECOND: '1', GATEHOUSE_RATE_BURST: '3' })
  try {
    await slow.createTenant('alpha')
    const token = await slow.token('alpha')
    const answers = []
    for (let i = 0; i < 5; i++) answers.push(await slow.call(token, 'list_documents', {}))
    const refused = answers.find(answer => answer.status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused?.headers.get('ratelimit')).toContain('"tenant";r=0')
  } finally {
    await slow.close()
  }
})

test('closing the connection stops the query in the server', async ({ skip }) => {
  const behind = house.behind
  if (behind === undefined) return skip('the embedded engine cannot stop a running query')
  const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  const locker = await behind.lockAsAdmin('lock table app.term_stat in access exclusive mode')
  try {
    const leaving = new AbortController()
    const call = house
      .call(writer, 'search_documents', { query: 'lantern' }, leaving.signal)
      .catch((error: unknown) => error)
    await until(async () => (await behind.asAdmin(waiting))[0]?.['n'] === 1)
    leaving.abort()
    await call
    await until(async () => (await behind.asAdmin(waiting))[0]?.['n'] === 0)
  } finally {
    await locker.release()
  }
  expect((await house.call(writer, 'search_documents', { query: 'lantern' })).output['hits']).toHaveLength(1)
})

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (await isTrue()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error('did not come true within 10 s')
}
