// Words that nobody else can have written: put wherever tenant A keeps a text, and wherever a caller can put a secret.
// Then everything is asked, and every answer, log line and span is searched for them.
import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Operation } from '../../src/gate/operation.ts'
import { SCOPE_NAMES } from '../../src/gate/scopes.ts'
import { createLogger } from '../../src/platform/telemetry/logger.ts'
import { apiToken, askApi } from '../harness/api-client.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import { dropChecks, fillEveryTable, mentions } from './canary-sweep.ts'
import { idFieldsOf, inputWith } from './made-input.ts'

// Rows past all policies are put there by the administrator, whom the embedded engine does not have beside it.
describe.runIf(inject('engine') === 'postgres')('canaries', () => {
  let whole: TestGatehouse
  /** Has a canary in every column, past all rules; and one who has what anybody has, with canaries for words. */
  let a: string
  let alsoA: string
  let b: string
  const lines: string[] = []
  const spans = new InMemorySpanExporter()
  /** What is on record: of this tenant, and of the deployment; not the rows that `fillEveryTable` made up. */
  const onRecord = async (tenantId: string): Promise<string> => {
    const rows = await whole.behind?.asAdmin(
      `select t::text as row from app.audit t where tenant_id = $1
       union all select t::text from app.deployment_audit t`,
      [tenantId],
    )
    return (rows ?? []).map(({ row }) => String(row)).join('\n')
  }
  /** All that leaves the process for whoever operates it. */
  const sinks = (): string => {
    const traced = spans.getFinishedSpans().map(({ name, attributes, events, status, links }) => ({
      name,
      attributes,
      events,
      status,
      links: links.map(link => link.attributes),
    }))
    return lines.join('') + JSON.stringify(traced)
  }

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    trace.setGlobalTracerProvider(
      new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
    )
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    const rates = { GATEHOUSE_RATE_PER_SECOND: '10000', GATEHOUSE_RATE_BURST: '10000' }
    whole = await openTestGatehouse(rates, createLogger('trace', sink))
    ;[a, alsoA, b] = await Promise.all(
      ['canary-a', 'canary-too', 'canary-b'].map(slug => whole.createTenant(slug)) as [
        Promise<string>,
        Promise<string>,
        Promise<string>,
      ],
    )
  })
  afterAll(() => whole.close())

  const tenantOperations = () => whole.gatehouse.catalog.filter(({ realm }) => realm === 'tenant')

  test('what is A’s in any column of any table is in no answer to B, no log line, no span and no audit row of B’s', async () => {
    const { behind } = whole
    if (behind === undefined) throw new Error('the server has a database behind it')
    await addOrdinaryThings(await apiToken(whole, alsoA, SCOPE_NAMES), `canary-of-${alsoA}`)
    const ofB = await apiToken(whole, b, SCOPE_NAMES)
    await addOrdinaryThings(ofB, 'of-b')
    await dropChecks(behind)
    await fillEveryTable(behind, a)
    const forMcp = await whole.token(b, SCOPE_NAMES)
    lines.length = 0
    spans.reset()
    const leaks: string[] = []
    const isLeak = (text: string) => mentions(text, a) || mentions(text, alsoA)
    let answered = 0
    for (const operation of tenantOperations()) {
      for (const input of inputsOf(operation)) {
        const { status, text } = await askApi(whole.url, operation.name, ofB, input)
        if (status === 200) answered++
        if (isLeak(text)) leaks.push(`${operation.name} ${JSON.stringify(input)}: ${text.slice(0, 400)}`)
        if (operation.tool === false) continue
        const over = await whole.call(forMcp, operation.name, input)
        if (isLeak(over.text)) leaks.push(`${operation.name} over MCP: ${over.text.slice(0, 400)}`)
      }
    }
    expect(leaks).toEqual([])
    // Whoever may see it does: the search would have found it.
    const own = await askApi(whole.url, 'list_documents', await apiToken(whole, alsoA, SCOPE_NAMES), {})
    expect(mentions(own.text, alsoA)).toBe(true)
    // Most questions had answers: silence would have kept every secret.
    expect(answered).toBeGreaterThan(tenantOperations().length / 2)
    // What is done for A in the background names A by its id, never by what it has.
    for (const id of [a, alsoA]) expect(sinks()).not.toContain(`canary-of-${id}`)
    // What B's own administrators may read of its record says nothing of A, though B asked for it by every id.
    const record = await onRecord(b)
    expect(record).toContain('hybrid_search')
    for (const id of [a, alsoA]) expect(record).not.toContain(`canary-of-${id}`)
  }, 120_000)

  test('OP04 what a caller sends as a secret is in no log line, no span, no audit row and no answer', async () => {
    const secret = (where: string): string => `secret-${where}-${randomUUID().replaceAll('-', '')}`
    const token = await apiToken(whole, b, SCOPE_NAMES)
    lines.length = 0
    spans.reset()
    const planted: string[] = []
    const plant = (where: string): string => {
      const word = secret(where)
      planted.push(word)
      return word
    }
    // Of what does not belong to the input, nothing comes back either.
    const unspoken: string[] = []
    const ask = async (path: string, headers: Record<string, string>, body: unknown): Promise<void> => {
      const response = await fetch(whole.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      unspoken.push(await response.text())
    }
    const hidden = () => ({
      cookie: `gatehouse_session=${plant('cookie')}`,
      'x-api-key': plant('header'),
      'user-agent': plant('agent'),
      referer: `https://example.test/?t=${plant('referer')}`,
      baggage: `k=${plant('baggage')}`,
      tracestate: `v=${plant('tracestate')}`,
    })
    const wire = [
      '/api/list_documents',
      '/mcp',
      '/api/nothing',
      `/${plant('path')}`,
      `/api/${plant('operation')}`,
    ]
    for (const path of wire) {
      await ask(`${path}?access_token=${plant('query')}`, hidden(), {})
      await ask(path, { ...hidden(), authorization: `Bearer ${plant('bearer')}` }, {})
      await ask(path, { ...hidden(), authorization: `Basic ${plant('basic')}` }, {})
      await ask(path, { ...hidden(), authorization: `Bearer ${token}` }, {})
    }
    await ask('/api/session', {}, { email: 'nobody@example.test', password: plant('password') })
    await ask('/api/links/reset', {}, { code: plant('code'), password: plant('password') })
    const onTheWire = [...planted]
    await ask(
      '/api/add_document',
      { authorization: `Bearer ${token}` },
      {
        title: plant('title'),
        content: plant('content'),
        external_id: plant('key'),
      },
    )
    await ask(
      '/api/add_document',
      { authorization: `Bearer ${token}` },
      {
        name: `${plant('filename')}.md`,
        data: Buffer.from(plant('file')).toString('base64'),
      },
    )
    await ask('/api/hybrid_search', { authorization: `Bearer ${token}` }, { query: plant('question') })
    await ask(
      '/api/hybrid_search',
      { authorization: `Bearer ${token}` },
      { query: 7, [plant('field')]: plant('value') },
    )
    await ask(
      '/api/create_user',
      { authorization: `Bearer ${token}` },
      { id: plant('user'), name: 'x', role: 'no such role' },
    )
    const record = await onRecord(b)
    expect(record).toContain('create_user')
    const seen = sinks() + record
    expect(planted.filter(word => seen.includes(word))).toEqual([])
    expect(seen).not.toContain(token)
    expect(onTheWire.filter(word => unspoken.some(text => text.includes(word)))).toEqual([])
    expect(lines.length).toBeGreaterThan(20)
    expect(spans.getFinishedSpans().length).toBeGreaterThan(20)
  }, 60_000)

  test('OP04 a canary is found where there is one', async () => {
    lines.push('{"msg":"planted-canary"}')
    trace
      .getTracer('test')
      .startSpan('planted', { attributes: { at: 'planted-span' } })
      .end()
    expect(sinks()).toContain('planted-canary')
    expect(sinks()).toContain('planted-span')
  })

  async function addOrdinaryThings(token: string, words: string): Promise<void> {
    for (const [operation, input] of [
      [
        'add_document',
        { title: words, content: `Of ${words}: canary birds.`, external_id: words, labels: [words] },
      ],
      ['create_user', { id: words.slice(0, 60), name: words, role: 'member' }],
      ['create_group', { name: words.slice(0, 60) }],
    ] as const) {
      const { status, text } = await askApi(whole.url, operation, token, input)
      if (status !== 200) throw new Error(`${operation}: ${text}`)
    }
  }
})

/** The least that an operation takes, and searches for what A's rows begin with. */
function inputsOf(operation: Operation): Record<string, unknown>[] {
  const least = inputWith(operation, [], 'of-b')
  const fields = idFieldsOf(operation).map(field => inputWith(operation, field, 'of-b'))
  const asking = Object.hasOwn(least, 'query')
    ? [
        { ...least, query: 'canary' },
        { ...least, query: 'canary-of' },
      ]
    : []
  return [least, ...fields, ...asking]
}
