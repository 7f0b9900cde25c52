// A2A against the whole of Gatehouse, by raw HTTP: what the wire promises of tasks that are really taken on, run and
// kept. The wire's own rules have tests of their own, without a database.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { defineWorkflow } from '../../src/features/agents/workflows/workflow.ts'
import { openTestGatehouse, type TestGatehouse } from '../harness/gatehouse.ts'
import {
  eventsOf,
  fetchRest,
  postRpc,
  rest,
  rpc,
  saying,
  take,
  type WireAnswer,
  type WireEvent,
} from '../harness/a2a-wire.ts'

/** Asks back, then answers with what it was told. */
const echo = defineWorkflow({
  name: 'echo',
  title: 'Echo',
  description: 'Asks who you are and says it again.',
  tags: [],
  examples: [],
  input: z.strictObject({ question: z.string() }),
  steps: [{ name: 'say', title: 'Say', after: [], replay: 'safe' }],
  async run({ question }, work) {
    const answer = await work.ask('who', 'Who are you?')
    return work.step('say', async ({ report, writeText }) => {
      report('said', 'Said it')
      writeText({ id: 'answer', name: 'answer' }, `${question} ${answer.map(({ text }) => text).join(' ')}`)
      return {}
    })
  },
})

describe.runIf(inject('engine') === 'postgres')('over the whole of Gatehouse', () => {
  let gatehouse: TestGatehouse
  let url: string
  const tokens = { ada: '', bob: '', eve: '' }

  beforeAll(async () => {
    gatehouse = await openTestGatehouse({}, undefined, [echo])
    url = gatehouse.url
    const [here, there] = [await gatehouse.createTenant('here'), await gatehouse.createTenant('there')]
    const scopes = ['documents:read', 'tasks:read', 'tasks:write']
    const tokenOf = async (tenant: string, user: string) =>
      String(
        (await gatehouse.gatehouse.operate('create_token', { tenant, user, scopes, audience: 'a2a' }))[
          'token'
        ],
      )
    Object.assign(tokens, {
      ada: await tokenOf(here, 'ada'),
      bob: await tokenOf(here, 'bob'),
      eve: await tokenOf(there, 'eve'),
    })
  })
  afterAll(() => gatehouse.close())

  type Who = keyof typeof tokens
  const as = (who: Who = 'ada') => ({ token: tokens[who] })
  const send = (message: object, who: Who = 'ada', configuration: object = { returnImmediately: true }) =>
    rpc(url, 'SendMessage', { message, configuration }, as(who))
  const idOf = ({ body }: WireAnswer) => String(body.result?.task?.id)
  const asking = { metadata: { skill: 'echo' } }
  const toldTo = ({ data }: WireEvent) => data.result ?? data

  test('a question is answered, its stream is cut after any event and goes on without a gap over the other binding', async () => {
    const params = { message: saying('Which breach must be notified?') }
    const whole = await take(
      eventsOf(await postRpc(url, { jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params }, as())),
      500,
    )
    expect(whole.map(({ id }) => id)).toEqual(whole.map((_, index) => index + 1))
    expect(whole.at(-1)?.data.result?.statusUpdate?.status.state).toBe('TASK_STATE_COMPLETED')
    const id = String(whole[0]?.data.result?.task?.id)
    for (let cut = 1; cut < whole.length; cut += 3) {
      const headers = { 'last-event-id': String(cut) }
      const resumed = await take(
        eventsOf(await fetchRest(url, `POST /tasks/${id}:subscribe`, {}, { ...as(), headers })),
        500,
      )
      expect(resumed.slice(1).map(toldTo)).toEqual(whole.slice(cut).map(toldTo))
    }
    const { body } = await rest(url, `GET /tasks/${id}?historyLength=1`, undefined, as())
    expect(body.artifacts?.map(({ artifactId }) => artifactId)).toEqual(
      expect.arrayContaining(['answer', 'citations']),
    )
  })

  test('a task that asks ends its streams, a message goes on with it, and a blocking one answers with the end', async () => {
    const asked = await send(saying('Hello', asking), 'ada', {})
    expect(asked.body.result?.task?.status).toMatchObject({
      state: 'TASK_STATE_INPUT_REQUIRED',
      message: { parts: [{ text: 'Who are you?' }] },
    })
    const taskId = idOf(asked)
    const waits = eventsOf(await fetchRest(url, `GET /tasks/${taskId}:subscribe`, undefined, as()))
    await take(waits, 1)
    const { body } = await send(saying('Ada', { taskId }), 'ada', { historyLength: 0 })
    expect(body.result?.task).toMatchObject({
      status: { state: 'TASK_STATE_COMPLETED' },
      artifacts: [{ artifactId: 'answer', parts: [{ text: 'Hello Ada' }] }],
    })
    expect((await take(waits, 500)).at(-1)?.data.statusUpdate?.status.state).toBe('TASK_STATE_COMPLETED')
    expect((await send(saying('more', { taskId }))).body.error?.code).toBe(-32004)
  })

  test('AA04 a context that is foreign, unknown or not the task’s, and foreign references, are errors and begin nothing', async () => {
    const foreign = await send(saying('x', asking), 'eve')
    const colleague = await send(saying('x', asking), 'bob')
    const [mine, other] = [await send(saying('x', asking)), await send(saying('x', asking))]
    const contextOf = ({ body }: WireAnswer) => body.result?.task?.contextId
    for (const contextId of [contextOf(foreign), contextOf(colleague), crypto.randomUUID(), 'x'])
      expect((await send(saying('x', { contextId }))).body.error?.code).toBe(-32602)
    const mixed = saying('x', { taskId: idOf(mine), contextId: contextOf(other) })
    expect((await send(mixed)).body.error?.code).toBe(-32602)
    for (const task of [foreign, colleague])
      expect((await send(saying('x', { referenceTaskIds: [idOf(task)] }))).body.error?.code).toBe(-32001)
    const joined = await send(
      saying('x', { ...asking, contextId: contextOf(mine), referenceTaskIds: [idOf(other)] }),
    )
    expect(contextOf(joined)).toBe(contextOf(mine))
  })

  test('AA05 one message sent 20 times at once is one task; with another content it is refused; elsewhere it is another', async () => {
    const message = saying('Once', asking)
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(message)))
    expect(new Set(answers.map(idOf)).size).toBe(1)
    const { body } = await send({ ...message, parts: [{ text: 'Twice' }] })
    expect([body.error?.code, JSON.stringify(body.error?.data)]).toEqual([
      -32602,
      expect.stringContaining('BadRequest'),
    ])
    const [colleague, foreign] = [await send(message, 'bob'), await send(message, 'eve')]
    expect(new Set([answers[0], colleague, foreign].map(one => one && idOf(one))).size).toBe(3)
    const headers = { 'idempotency-key': 'k-1' }
    const keyed = () => rpc(url, 'SendMessage', { message: saying('x', asking) }, { ...as(), headers })
    expect(idOf(await keyed())).toBe(idOf(await keyed()))
  })

  test('AA15 a page goes on where the one before ended; a token that was changed or is somebody else’s is refused', async () => {
    for (const text of ['1', '2', '3']) await send(saying(text, asking), 'eve')
    const page = async (pageToken: string, who: Who = 'eve') =>
      (await rpc(url, 'ListTasks', { pageSize: 2, pageToken }, as(who))).body
    const seen: string[] = []
    let token = ''
    do {
      const { result } = await page(token)
      seen.push(...(result?.tasks ?? []).map(({ id }) => id))
      token = result?.nextPageToken ?? ''
      if (token === '') break
      const changed = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
      expect((await page(changed)).error?.code).toBe(-32602)
      expect((await page(token, 'ada')).error?.code).toBe(-32602)
    } while (seen.length < 50)
    const { result } = await page('')
    expect([new Set(seen).size, seen.length]).toEqual([result?.totalSize, result?.totalSize])
  })
})
