// Money and the death of a process: real servers on PostgreSQL, a provider that does not answer, SIGKILL and SIGTERM.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Engine, WireRow } from '../../src/platform/db/engine/engine.ts'
import {
  openDeployment,
  stop,
  until,
  type Deployment,
  type RunningProcess,
} from '../acceptance/server-process.ts'
import { mcpCaller } from '../acceptance/tool-caller.ts'
import { adminEngine } from '../harness/engines.ts'

const MODEL = 'openai:priced'
/** Calls that an embedding server is asked at once; the next one waits for its turn. */
const AT_ONCE = 4

interface Provider {
  readonly server: Server
  readonly url: string
  /** Requests that have arrived and are not answered. */
  readonly waiting: (() => void)[]
  isHanging: boolean
}

describe.runIf(inject('engine') === 'postgres')('a server that ends while providers are asked', () => {
  let provider: Provider
  let deployment: Deployment
  let admin: Engine
  let token: string
  /** With the deployment's own settings, unless it has ended. */
  let server: RunningProcess | undefined

  const rows = async (text: string): Promise<WireRow[]> => {
    const session = await admin.acquire()
    const { rows: found } = await session.send({ text })
    session.release()
    return found
  }
  const holds = () =>
    rows(`select state from app.hold where step = 'embed_query' and state in ('held', 'sent') order by state`)
  const charges = () =>
    rows(`select basis, cost_nano, uncharged_nano from app.ledger where step = 'embed_query'`)
  const heldNow = async () =>
    (await rows('select sum(held_nano)::bigint as nano from app.budget_window'))[0]?.['nano']
  const forget = () => rows('truncate app.ledger, app.hold cascade')
  const search = (query: string): Promise<unknown> =>
    mcpCaller(deployment, token)
      .tool('hybrid_search', { query })
      .catch(() => undefined)

  beforeAll(async () => {
    provider = await openProvider()
    deployment = await openDeployment({
      env: { OPENAI_BASE_URL: provider.url, GATEHOUSE_QUERY_EMBED_MS: '5000', GATEHOUSE_HOLD_SECONDS: '77' },
    })
    const { pathname } = new URL(deployment.env['DATABASE_URL'] ?? '')
    admin = adminEngine(inject('template').adminUrl ?? '', pathname.slice(1))
    await rows(`insert into app.price (id, model, per_million, origin, created_by)
      values (gen_random_uuid(), '${MODEL}', '{"embedding": 20000000}', 'operator', 'test')`)
    server = await deployment.start()
    await deployment.json('tenant', 'create', 'acme')
    token = await deployment.token('acme')
    await deployment.json('embeddings', 'migrate', '--to', MODEL)
    await until(
      async () =>
        (await rows(`select from app.embedding_model where name = '${MODEL}' and state = 'serving'`))
          .length === 1,
      'the priced model answers searches',
    )
    await forget()
  })
  afterAll(async () => {
    await deployment.close()
    await admin.close()
    provider.server.closeAllConnections()
    provider.server.close()
  })

  test('BU08 after kill -9 what was sent is charged at its hold, and what never left is released', async () => {
    provider.isHanging = true
    const calls = Array.from({ length: AT_ONCE + 1 }, (_, index) => search(`harbour number ${index}`))
    await until(
      async () => provider.waiting.length === AT_ONCE && (await holds()).length === AT_ONCE + 1,
      'one more holds its money than the provider is asked for',
    )
    server?.signal('SIGKILL')
    await server?.ended
    await Promise.all(calls)
    expect((await holds()).map(({ state }) => state)).toEqual(['held', 'sent', 'sent', 'sent', 'sent'])
    expect(await rows('select distinct expires_at - reserved_at as life from app.hold')).toEqual([
      { life: '00:01:17' },
    ])
    const sent = await rows(`select sum(held_nano)::bigint as nano from app.hold where state = 'sent'`)
    expect(await charges()).toEqual([])
    release(provider)

    server = await deployment.start()
    expect(await holds()).toHaveLength(AT_ONCE + 1)
    await rows(`update app.hold set expires_at = now() - interval '1 second'`)
    await until(async () => (await holds()).length === 0, 'the sweeper ends them')
    expect((await charges()).map(({ basis }) => basis)).toEqual(Array.from({ length: AT_ONCE }, () => 'hold'))
    expect(await rows('select sum(cost_nano)::bigint as nano from app.ledger')).toEqual(sent)
    expect(await rows(`select count(*)::int as count from app.hold where state = 'released'`)).toEqual([
      { count: 1 },
    ])
    expect(await heldNow()).toBe(0n)
    await forget()
  })

  test.for([
    ['a call under way', '5000'],
    ['a payment that its call did not wait for', '1'],
  ] as const)('a server that is told to stop settles %s', async ([, embedMs]) => {
    server ??= await deployment.start({ GATEHOUSE_QUERY_EMBED_MS: embedMs })
    provider.isHanging = true
    const call = search(`a lighthouse, ${embedMs}`)
    await until(() => provider.waiting.length === 1, 'the provider is asked')
    if (embedMs === '1') await call
    const ending = server
    const ended = stop(ending)
    server = undefined
    await until(() => ending.stderr().includes('stopping: running calls have 10 s to end'), 'it says so')
    release(provider)
    await call
    expect((await ended).code).toBe(0)
    expect(await holds()).toEqual([])
    // Seven tokens, as the provider says: 20,000 nano-USD for a thousand.
    expect(await charges()).toEqual([{ basis: 'provider', cost_nano: 140n, uncharged_nano: 0n }])
    expect(await heldNow()).toBe(0n)
    await forget()
  })
})

async function openProvider(): Promise<Provider> {
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    void json(request).then(body => {
      const answer = (): void => embed((body as { input: string[] }).input, response)
      if (provider.isHanging) waiting.push(answer)
      else answer()
    })
  })
  await new Promise<void>(listening => void server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const provider: Provider = { server, url, waiting, isHanging: false }
  return provider
}

function embed(input: readonly string[], response: ServerResponse): void {
  const data = input.map((_, index) => ({ index, embedding: [1, 0, 0, 1] }))
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data, usage: { prompt_tokens: 7, total_tokens: 7 } }))
}

function release(provider: Provider): void {
  provider.isHanging = false
  for (const answer of provider.waiting.splice(0)) answer()
}
