// Agents that others wrote, and none at all, against two replicas of a real server: raw HTTP, the SDK of A2A 1.0 over both
// bindings, and the SDK of 0.3; each from the card to the end of a task, with a cut in the middle.
import { AgentCard, SendMessageRequest, TaskState, verifyAgentCardSignature } from '@a2a-js/sdk'
import {
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
  RestTransportFactory,
  type Client,
} from '@a2a-js/sdk/client'
import {
  ClientFactory as OlderFactory,
  DefaultAgentCardResolver as OlderResolver,
  JsonRpcTransportFactory as OlderJsonRpc,
} from 'a2a-sdk-v0/client'
import type { JWK } from 'jose'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { eventsOf, fetchRest, postRpc, rest, rpc, saying, take, type WireTask } from '../harness/a2a-wire.ts'
import { openReplicas, QUESTION, type Replicas } from './a2a-replicas.ts'
import { ENGINE } from './server-process.ts'

let replicas: Replicas
const url = () => replicas.urls[0]
const other = () => replicas.urls[1]
const ada = () => ({ token: replicas.tokens.ada })

/** As a client reaches a replica with a token, though the card names the public address alone. */
function fetchFrom(replica: string, token: string): typeof fetch {
  return (target, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${token}`)
    return fetch(addressOf(target).replace(url(), replica), { ...init, headers })
  }
}

/** In the words of each SDK for it. */
const UNAUTHENTICATED = /401|token/i

const BINDINGS = { 'JSON-RPC': 'JSONRPC', REST: 'HTTP+JSON' } as const

function modern(
  binding: keyof typeof BINDINGS,
  { replica = url(), token = replicas.tokens.ada } = {},
): Promise<Client> {
  const fetchImpl = fetchFrom(replica, token)
  return new ClientFactory(
    ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
      transports: [new JsonRpcTransportFactory({ fetchImpl }), new RestTransportFactory({ fetchImpl })],
      preferredTransports: [BINDINGS[binding]],
      cardResolver: new DefaultAgentCardResolver({ fetchImpl }),
    }),
  ).createFromUrl(url())
}

function older({ replica = url(), token = replicas.tokens.ada } = {}) {
  const fetchImpl = fetchFrom(replica, token)
  return new OlderFactory({
    transports: [new OlderJsonRpc({ fetchImpl })],
    cardResolver: new OlderResolver({ fetchImpl }),
  }).createFromUrl(url())
}

/** A question; what is beside it goes to the workflow. */
const asking = (data?: object) =>
  SendMessageRequest.fromJSON({
    message: saying(QUESTION, { parts: [{ text: QUESTION }, ...(data === undefined ? [] : [{ data }])] }),
  })
const olderAsking = (data?: Record<string, unknown>) => ({
  message: {
    kind: 'message' as const,
    messageId: randomUUID(),
    role: 'user' as const,
    parts: [
      { kind: 'text' as const, text: QUESTION },
      ...(data === undefined ? [] : [{ kind: 'data' as const, data }]),
    ],
  },
})
/** Begins a task that waits for the model, and answers its id when it does. */
async function heldTask(): Promise<string> {
  const message = saying(QUESTION, { parts: [{ text: QUESTION }, { data: replicas.held }] })
  const params = { message, configuration: { returnImmediately: true } }
  const { body } = await rpc(url(), 'SendMessage', params, ada())
  const id = body.result?.task?.id
  if (id === undefined) throw new Error(JSON.stringify(body))
  await replicas.waiting(1)
  return id
}
/** The model holds whoever asks it while the test runs. */
async function holding<T>(fn: () => Promise<T>): Promise<T> {
  replicas.hold()
  try {
    return await fn()
  } finally {
    replicas.release()
  }
}

describe.runIf(ENGINE === 'postgres')('peers over A2A', () => {
  beforeAll(async () => {
    // Both SDKs print what they refuse.
    for (const level of ['debug', 'error', 'warn', 'log'] as const) vi.spyOn(console, level).mockReturnValue()
    replicas = await openReplicas()
  })
  afterAll(() => replicas.close())

  test('raw HTTP: a card, a verified answer, a list, a wrong token', async () => {
    const card = (await (
      await fetch(`${url()}/.well-known/agent-card.json`, { headers: { 'a2a-version': '1.0' } })
    ).json()) as { skills: { id: string }[] }
    expect(card.skills.map(({ id }) => id)).toContain('rag')
    const { body } = await rpc(url(), 'SendMessage', { message: saying(QUESTION) }, ada())
    const task = body.result?.task
    expect(task?.status.state).toBe('TASK_STATE_COMPLETED')
    expect(textOf(task)).toContain('72 hours')
    expect(task?.artifacts?.map(({ artifactId }) => artifactId)).toContain('citations')
    expect((await rest(other(), `GET /tasks/${task?.id ?? ''}`, undefined, ada())).body.id).toBe(task?.id)
    expect(
      (await rest(other(), 'GET /tasks?pageSize=1', undefined, ada())).body.tasks?.map(({ id }) => id),
    ).toEqual([task?.id])
    expect((await rpc(url(), 'ListTasks', {}, { token: 'wrong' })).status).toBe(401)
  })

  test('raw HTTP: a stream that is cut goes on at the other replica after the last event, without a gap', async () => {
    const { seen, resumed } = await holding(async () => {
      const id = await heldTask()
      const whole = eventsOf(await fetchRest(url(), `GET /tasks/${id}:subscribe`, undefined, ada()))
      const controller = new AbortController()
      const asked = { jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params: { id } }
      const cut = await postRpc(url(), asked, { ...ada(), signal: controller.signal })
      const [first] = await take(eventsOf(cut), 1)
      controller.abort()
      replicas.release()
      const seen = await take(whole, 100)
      const headers = { 'last-event-id': String(first?.id) }
      const again = await postRpc(other(), asked, { ...ada(), headers })
      return { seen, resumed: await take(eventsOf(again), 100) }
    })
    const updates = (events: typeof seen) =>
      events
        .slice(1)
        .map(({ id, data }) => [
          id,
          data.result?.statusUpdate ?? data.statusUpdate,
          data.result?.artifactUpdate ?? data.artifactUpdate,
        ])
    expect(updates(resumed)).toEqual(updates(seen))
    expect(resumed.map(({ id }) => id)).toEqual(resumed.map((_, at) => (resumed[0]?.id ?? 0) + at))
    expect(resumed.at(-1)?.data.result?.statusUpdate?.status.state).toBe('TASK_STATE_COMPLETED')
  })

  test.each(['JSON-RPC', 'REST'] as const)(
    '@a2a-js/sdk 1.3 over %s: card, send, stream, get, list, cancel, a cut and the rest elsewhere, a wrong token',
    async binding => {
      const client = await modern(binding)
      expect(client.protocolVersion).toBe('1.0')
      const sent = await client.sendMessage(asking())
      if (!('status' in sent)) throw new Error('a message instead of a task')
      expect(sent.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
      expect(JSON.stringify(sent.artifacts)).toContain('72 hours')

      const told = (await Array.fromAsync(client.sendMessageStream(asking()))).map(({ payload }) => payload)
      expect(told[0]?.$case).toBe('task')
      const last = told.at(-1)
      expect(last?.$case === 'statusUpdate' && last.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
      expect(told.some(payload => payload?.$case === 'artifactUpdate')).toBe(true)

      const there = await modern(binding, { replica: other() })
      expect((await there.getTask({ id: sent.id, tenant: '', historyLength: undefined })).id).toBe(sent.id)
      const listed = await there.listTasks({ ...LIST, pageSize: 2 })
      expect(listed.tasks).toHaveLength(2)
      expect((await client.getAgentCard()).supportedInterfaces.map(({ tenant }) => tenant)).not.toContain('')

      await holding(async () => {
        const id = await heldTask()
        const controller = new AbortController()
        const cut = client.resubscribeTask({ id, tenant: '' }, { signal: controller.signal })
        expect((await cut.next()).value?.payload?.$case).toBe('task')
        controller.abort()
        await cut.return(undefined)
        const resumed = Array.fromAsync(there.resubscribeTask({ id, tenant: '' }))
        replicas.release()
        const end = (await resumed).at(-1)?.payload
        expect(end?.$case === 'statusUpdate' && end.value.status?.state).toBe(TaskState.TASK_STATE_COMPLETED)
      })
      await holding(async () => {
        const id = await heldTask()
        const canceled = await there.cancelTask({ id, tenant: '', metadata: undefined })
        expect(canceled.status?.state).toBe(TaskState.TASK_STATE_CANCELED)
      })
      const stranger = await modern(binding, { token: 'wrong' })
      await expect(stranger.getTask({ id: sent.id, tenant: '', historyLength: undefined })).rejects.toThrow(
        UNAUTHENTICATED,
      )
    },
  )

  test('@a2a-js/sdk 0.3: card, message/send, message/stream, tasks/get, cancel, resubscribe elsewhere', async () => {
    const client = await older()
    const sent = await client.sendMessage(olderAsking())
    if (sent.kind !== 'task') throw new Error('a message instead of a task')
    expect(sent.status.state).toBe('completed')
    expect(JSON.stringify(sent.artifacts)).toContain('72 hours')
    const told = await Array.fromAsync(client.sendMessageStream(olderAsking()))
    expect(told[0]?.kind).toBe('task')
    expect(told.at(-1)).toMatchObject({ kind: 'status-update', status: { state: 'completed' }, final: true })

    const there = await older({ replica: other() })
    expect((await there.getTask({ id: sent.id })).status.state).toBe('completed')
    await holding(async () => {
      const id = await heldTask()
      const resumed = Array.fromAsync(there.resubscribeTask({ id }))
      await new Promise(resolve => setTimeout(resolve, 100))
      replicas.release()
      expect((await resumed).at(-1)).toMatchObject({ final: true, status: { state: 'completed' } })
    })
    await holding(async () => {
      expect((await there.cancelTask({ id: await heldTask() })).status.state).toBe('canceled')
    })
    await expect(older({ token: 'wrong' }).then(one => one.getTask({ id: sent.id }))).rejects.toThrow(
      UNAUTHENTICATED,
    )
  })

  test('clients of both versions on one task, at two replicas, see the same events in one order and the same end', async () => {
    const [now, then] = [await modern('JSON-RPC'), await older({ replica: other() })]
    const id = await holding(async () => {
      const held = await heldTask()
      const streams = [
        now.resubscribeTask({ id: held, tenant: '' }),
        then.resubscribeTask({ id: held }),
      ] as const
      // The task first: from then on both miss nothing.
      await Promise.all(streams.map(stream => stream.next()))
      const told = [Array.fromAsync(streams[0]), Array.fromAsync(streams[1])] as const
      replicas.release()
      const modernEvents = (await told[0]).map(({ payload }) =>
        payload?.$case === 'statusUpdate'
          ? [TaskState[payload.value.status?.state ?? 0], payload.value.status?.timestamp]
          : payload?.$case === 'artifactUpdate'
            ? [
                payload.value.artifact?.artifactId,
                payload.value.append,
                partsOf(payload.value.artifact?.parts),
              ]
            : payload,
      )
      const olderEvents = (await told[1]).map(event =>
        event.kind === 'status-update'
          ? [`TASK_STATE_${event.status.state.toUpperCase().replaceAll('-', '_')}`, event.status.timestamp]
          : event.kind === 'artifact-update'
            ? [event.artifact.artifactId, event.append, JSON.stringify(event.artifact.parts.map(olderPart))]
            : event,
      )
      expect(modernEvents.length).toBeGreaterThan(3)
      expect(olderEvents).toEqual(modernEvents)
      return held
    })
    const [one, two] = [
      await now.getTask({ id, tenant: '', historyLength: undefined }),
      await then.getTask({ id }),
    ]
    expect(
      two.artifacts?.map(({ artifactId, parts }) => [artifactId, JSON.stringify(parts.map(olderPart))]),
    ).toEqual(one.artifacts.map(({ artifactId, parts }) => [artifactId, partsOf(parts)]))
    expect([two.id, two.contextId, two.status.timestamp]).toEqual([
      one.id,
      one.contextId,
      one.status?.timestamp,
    ])
  })

  test('the served card and the extended card verify by the SDK with the keys they point to; a changed one does not', async () => {
    const verify = verifyAgentCardSignature(async (kid, jku = '') => {
      expect(jku).toBe(`${url()}/.well-known/jwks.json`)
      const { keys } = (await (await fetch(jku)).json()) as { keys: JWK[] }
      const key = keys.find(one => one.kid === kid)
      if (key === undefined) throw new Error(`no key ${kid}`)
      return key
    })
    const fetched = async () =>
      AgentCard.fromJSON(
        await (
          await fetch(`${url()}/.well-known/agent-card.json`, { headers: { 'a2a-version': '1.0' } })
        ).json(),
      )
    const card = await fetched()
    await verify(card)
    await verify(await (await modern('REST')).getAgentCard())
    await expect(verify({ ...card, name: 'Somebody else' })).rejects.toThrow(/signature/i)
  })

  test('AA02 a running task is nobody’s for others at the replica that does not run it: no stream, no cancel, no message', async () => {
    await holding(async () => {
      const id = await heldTask()
      for (const replica of replicas.urls) {
        for (const token of [replicas.tokens.bob, replicas.tokens.otherAda]) {
          const answers = async (task: string) => {
            const asked = [
              await rpc(replica, 'SubscribeToTask', { id: task }, { token }),
              await rpc(replica, 'CancelTask', { id: task }, { token }),
              await rpc(replica, 'SendMessage', { message: saying('x', { taskId: task }) }, { token }),
              await rest(replica, `GET /tasks/${task}:subscribe`, undefined, { token }),
              await rest(replica, `POST /tasks/${task}:cancel`, undefined, { token }),
            ]
            return asked.map(({ status, body }) => [status, body.error?.code, body.error?.message])
          }
          expect(await answers(id)).toEqual(await answers(randomUUID()))
        }
      }
      const task = (await rpc(other(), 'GetTask', { id }, ada())).body.result
      expect([task?.status?.state, task?.history?.length]).toEqual(['TASK_STATE_WORKING', 1])
    })
  })

  test('AA05 fifty at once of one message, over two processes, are one task on every wire; other content is refused', async () => {
    const half = (n: number) => replicas.urls[n % 2] as string
    const fifty = <T>(fn: (replica: string) => Promise<T>) =>
      Promise.all(Array.from({ length: 50 }, (_, n) => fn(half(n))))
    const key = randomUUID()
    const facade = async (replica: string, query: string, token: string) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      }
      const body = JSON.stringify({ query })
      const response = await fetch(`${replica}/tasks`, { method: 'POST', headers, body })
      return { status: response.status, id: ((await response.json()) as { task_id?: string }).task_id }
    }
    const now = { returnImmediately: true }
    const v03 = { headers: { 'a2a-version': '0.3' } }
    const legacy = olderAsking()
    const [over, rested] = [saying(QUESTION), saying(QUESTION)]
    const ids = {
      'JSON-RPC 1.0': await fifty(async replica =>
        taskId(await rpc(replica, 'SendMessage', { message: over, configuration: now }, ada())),
      ),
      'JSON-RPC 0.3': await fifty(async replica =>
        taskId(
          await rpc(
            replica,
            'message/send',
            { ...legacy, configuration: { blocking: false } },
            { ...ada(), ...v03 },
          ),
        ),
      ),
      REST: await fifty(async replica =>
        taskId(await rest(replica, 'POST /message:send', { message: rested, configuration: now }, ada())),
      ),
      facade: await fifty(async replica => (await facade(replica, QUESTION, replicas.tokens.ada)).id),
    }
    for (const [wire, made] of Object.entries(ids))
      expect([wire, new Set(made).size, typeof made[0]]).toEqual([wire, 1, 'string'])
    expect(new Set(Object.values(ids).map(([id]) => id)).size).toBe(4)

    const changed = { ...over, parts: [{ text: 'something else' }] }
    expect((await rpc(other(), 'SendMessage', { message: changed }, ada())).body.error?.code).toBe(-32602)
    expect((await facade(other(), 'something else', replicas.tokens.ada)).status).toBe(409)
    // Another tenant's user of the same name is somebody else.
    const foreign = await rpc(
      other(),
      'SendMessage',
      { message: over, configuration: now },
      { token: replicas.tokens.otherAda },
    )
    expect(ids['JSON-RPC 1.0']).not.toContain(taskId(foreign))
    expect(taskId(foreign)).toBeDefined()
  })
})

const addressOf = (target: string | URL | Request): string =>
  typeof target === 'string' ? target : target instanceof URL ? target.href : target.url

const LIST = {
  tenant: '',
  contextId: '',
  status: TaskState.TASK_STATE_UNSPECIFIED,
  pageToken: '',
  statusTimestampAfter: undefined,
}

const taskId = ({ body }: Awaited<ReturnType<typeof rpc>>): string | undefined =>
  (body.result ?? body).task?.id ?? body.result?.id
const textOf = (task: WireTask | undefined): string =>
  JSON.stringify(task?.artifacts?.flatMap(({ parts }) => parts.map(({ text }) => text)))

interface ModernPart {
  readonly content?: { readonly $case: string; readonly value: unknown } | undefined
}
const partsOf = (parts: readonly ModernPart[] = []): string =>
  JSON.stringify(parts.map(({ content }) => content?.value))
const olderPart = (part: { kind: string; text?: string; data?: unknown }): unknown =>
  part.kind === 'text' ? part.text : part.data
