// The streams of A2A 1.0: numbered events in one order for everybody, taken up again after any of them, ended where the
// task ends, waits or may no longer be read. Over tasks in memory, whose log the tests write.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PUBLIC_URL, startA2aServer, type A2aServer, type NewEvent } from '../harness/a2a-server.ts'
import {
  eventsOf,
  fetchRest,
  postRpc,
  rpc,
  saying,
  take,
  type Asking,
  type WireEvent,
} from '../harness/a2a-wire.ts'

let server: A2aServer
beforeAll(async () => {
  server = await startA2aServer()
})
afterAll(() => server.stop(0))

const URI = `${PUBLIC_URL}/a2a/extensions/event-log/v1`
const LOG = { 'a2a-extensions': URI }

const piece = (text: string, append: boolean, last = false): NewEvent => ({
  kind: 'artifact',
  artifact_id: 'answer',
  name: 'Answer',
  parts: [{ text }],
  append,
  last,
})
const found: NewEvent = {
  kind: 'progress',
  event: 'search_complete',
  step: 'search',
  say: 'Found 3',
  facts: { hits: 3 },
}
/** Events 2 to 8 of a task that ends well. */
const RUN: NewEvent[] = [
  { kind: 'state', state: 'working' },
  { kind: 'step', step: 'search', attempt: 1 },
  found,
  piece('Within ', false),
  piece('72 hours.', true, true),
  { kind: 'message', message_id: 'm2' },
  { kind: 'state', state: 'completed', say: 'Done.' },
]

async function begin(): Promise<string> {
  const params = { message: saying('hi'), configuration: { returnImmediately: true } }
  return String((await rpc(server.url, 'SendMessage', params)).body.result?.task?.id)
}

async function subscribe(id: string, headers: Record<string, string> = {}, asking: Asking = {}) {
  const body = { jsonrpc: '2.0', id: 's', method: 'SubscribeToTask', params: { id } }
  const response = await postRpc(server.url, body, { ...asking, headers })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  return { response, events: eventsOf(response) }
}

const ids = (events: readonly WireEvent[]) => events.map(({ id }) => id)
const all = (events: AsyncGenerator<WireEvent>) => take(events, 1_000)
/** What a client's task looks like after the events, put together by the rules of A2A. */
function textOf(events: readonly WireEvent[]): string {
  return events
    .map(({ data }) => data.result ?? data)
    .reduce((text, { task, artifactUpdate }) => {
      if (task !== undefined)
        return (task.artifacts ?? []).flatMap(({ parts }) => parts.map(part => part.text)).join('')
      if (artifactUpdate === undefined) return text
      const added = artifactUpdate.artifact.parts.map(part => part.text).join('')
      return artifactUpdate.append === true ? text + added : added
    }, '')
}

describe('a stream', () => {
  test('begins with the task, has every event once under its number, and closes when the task has ended', async () => {
    const params = { message: saying('hi') }
    const response = await postRpc(server.url, {
      jsonrpc: '2.0',
      id: 9,
      method: 'SendStreamingMessage',
      params,
    })
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const events = eventsOf(response)
    const [first] = await take(events, 1)
    const id = String(first?.data.result?.task?.id)
    server.tell(id, ...RUN)
    const rest = await all(events)
    expect(ids(rest)).toEqual([2, 3, 4, 5, 6, 7, 8])
    expect(first).toMatchObject({ id: 1, data: { jsonrpc: '2.0', id: 9 } })
    const results = rest.map(({ data }) => data.result)
    expect(results.map(result => result?.statusUpdate?.status.state ?? 'artifact')).toEqual([
      'TASK_STATE_WORKING',
      'TASK_STATE_WORKING',
      'TASK_STATE_WORKING',
      'artifact',
      'artifact',
      'TASK_STATE_WORKING',
      'TASK_STATE_COMPLETED',
    ])
    expect(results[2]?.statusUpdate).toMatchObject({
      taskId: id,
      status: { message: { role: 'ROLE_AGENT', messageId: `${id}-4`, parts: [{ text: 'Found 3' }] } },
      metadata: { [URI]: { event: 'search_complete', step: 'search', facts: { hits: 3 } } },
    })
    expect(results[4]?.artifactUpdate).toMatchObject({ append: true, lastChunk: true })
    expect(textOf(rest)).toBe('Within 72 hours.')
  })

  test('is the same over both bindings and for everybody who reads it, whoever leaves', async () => {
    const id = await begin()
    const readers = [
      (await subscribe(id)).events,
      (await subscribe(id)).events,
      eventsOf(await fetchRest(server.url, `GET /tasks/${id}:subscribe`)),
      eventsOf(await fetchRest(server.url, `POST /tasks/${id}:subscribe`, {})),
    ]
    const leaver = await subscribe(id)
    await take(leaver.events, 1)
    await leaver.response.body?.cancel().catch(() => undefined)
    server.tell(id, ...RUN)
    const [one, two, ...bare] = await Promise.all(readers.map(all))
    const results = one?.map(({ id: number, data }) => ({ number, result: data.result }))
    expect(ids(one ?? [])).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(two?.map(({ id: number, data }) => ({ number, result: data.result }))).toEqual(results)
    for (const other of bare)
      expect(other.map(({ id: number, data }) => ({ number, result: data }))).toEqual(results)
  })

  test('ends where the task waits for somebody; who subscribes while it waits stays until it goes on and ends', async () => {
    const id = await begin()
    const before = await subscribe(id)
    server.tell(
      id,
      { kind: 'state', state: 'working' },
      { kind: 'state', state: 'input_required', say: 'Which year?' },
    )
    expect(ids(await all(before.events))).toEqual([1, 2, 3])
    const during = await subscribe(id)
    const answer = { message: saying('2024', { taskId: id }) }
    const sent = await postRpc(server.url, {
      jsonrpc: '2.0',
      id: 1,
      method: 'SendStreamingMessage',
      params: answer,
    })
    const first = await take(eventsOf(sent), 1)
    expect(first[0]?.data.result?.task?.status.state).toBe('TASK_STATE_WORKING')
    server.tell(id, { kind: 'state', state: 'completed' })
    expect(ids(await all(during.events))).toEqual([3, 4, 5, 6])
  })

  test('numbers stand in the metadata too when the extension is activated, which the answer says', async () => {
    const id = await begin()
    const { response, events } = await subscribe(id, LOG)
    expect(response.headers.get('a2a-extensions')).toBe(URI)
    server.tell(id, ...RUN)
    const numbers = (await all(events)).map(({ data: { result } }) => {
      const metadata = (result?.task ?? result?.statusUpdate ?? result?.artifactUpdate)?.metadata
      return (metadata?.[URI] as { sequence?: number } | undefined)?.sequence
    })
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('ends with an error and closes when its token is worth nothing any more', async () => {
    const revoking = await startA2aServer()
    try {
      const params = { message: saying('hi') }
      const over = eventsOf(
        await postRpc(revoking.url, { jsonrpc: '2.0', id: 3, method: 'SendStreamingMessage', params }),
      )
      const [first] = await take(over, 1)
      const bare = eventsOf(
        await fetchRest(revoking.url, `GET /tasks/${String(first?.data.result?.task?.id)}:subscribe`),
      )
      await take(bare, 1)
      revoking.revoke()
      const [[last], [lastBare]] = await Promise.all([all(over), all(bare)])
      expect(last?.data).toMatchObject({ jsonrpc: '2.0', id: 3, error: { code: 401 } })
      expect(lastBare).toMatchObject({
        event: 'error',
        data: { error: { code: 401, status: 'UNAUTHENTICATED' } },
      })
    } finally {
      await revoking.stop(0)
    }
  })
})

describe('a stream that was lost', () => {
  test('goes on after any event: joined, both parts are the whole log, and no text is there twice', async () => {
    const id = await begin()
    const whole = await subscribe(id)
    server.tell(id, ...RUN)
    const log = await all(whole.events)
    for (let cut = 1; cut < log.length; cut++) {
      const resumed = await all((await subscribe(id, { 'last-event-id': String(cut) })).events)
      const [first, ...rest] = resumed
      expect(first?.id).toBe(cut)
      expect(rest.map(({ id: number, data }) => [number, data.result])).toEqual(
        log.slice(cut).map(({ id: number, data }) => [number, data.result]),
      )
      expect(first?.data.result?.task?.artifacts).toBeUndefined()
      expect(
        textOf(log.slice(0, cut)) + textOf(rest.filter(({ data }) => data.result?.artifactUpdate)),
      ).toContain('72 hours.')
    }
  })

  test('begins with the status the task had at that event, not with the one it has now', async () => {
    const id = await begin()
    server.tell(id, ...RUN)
    const stateAt = async (cut: number) => {
      const { response, events } = await subscribe(id, { 'last-event-id': String(cut) })
      const [first] = await take(events, 1)
      await response.body?.cancel().catch(() => undefined)
      return first?.data.result?.task?.status.state
    }
    expect([await stateAt(1), await stateAt(4)]).toEqual(['TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING'])
    // Everything was heard: there is nothing to subscribe to.
    const { body } = await rpc(server.url, 'SubscribeToTask', { id }, { headers: { 'last-event-id': '8' } })
    expect(body.error?.code).toBe(-32004)
  })

  test('ends at a wait that began while it was away and still lasts', async () => {
    const id = await begin()
    server.tell(
      id,
      { kind: 'state', state: 'working' },
      { kind: 'state', state: 'input_required', say: 'Which year?' },
    )
    const { events } = await subscribe(id, { 'last-event-id': '1' })
    expect(ids(await all(events))).toEqual([1, 2, 3])
  })

  test('goes on through a wait that was over when it came back, to the end', async () => {
    const id = await begin()
    const waited: NewEvent[] = [
      { kind: 'state', state: 'working' },
      { kind: 'state', state: 'input_required', say: 'Which year?' },
    ]
    server.tell(id, ...waited, ...RUN)
    expect(ids(await all((await subscribe(id, { 'last-event-id': '2' })).events))).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  test('may say so in its parameters, and by sending its message again', async () => {
    const id = await begin()
    server.tell(id, ...RUN.slice(0, 3))
    const params = { id, metadata: { [URI]: { after: 3 } } }
    const events = eventsOf(
      await postRpc(server.url, { jsonrpc: '2.0', id: 1, method: 'SubscribeToTask', params }),
    )
    expect(ids(await take(events, 2))).toEqual([3, 4])
    const again = { message: saying('more', { taskId: id }) }
    const sent = await postRpc(
      server.url,
      { jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params: again },
      { headers: { 'last-event-id': '2' } },
    )
    expect(ids(await take(eventsOf(sent), 4))).toEqual([2, 3, 4, 5])
  })

  test.each(['999', '-1', 'x', '1e3', '999999999999999999999'])(
    'an event there is not (%s) gets the whole task, with a mark that something may be missing',
    async number => {
      const id = await begin()
      server.tell(id, ...RUN.slice(0, 4))
      const { events } = await subscribe(id, { 'last-event-id': number })
      const [first] = await take(events, 1)
      expect(first?.id).toBe(5)
      expect(first?.data.result?.task).toMatchObject({
        artifacts: [{ parts: [{ text: 'Within ' }] }],
        metadata: { [URI]: { gap: true, sequence: 5 } },
      })
    },
  )

  test('AA11 a number heard of somebody else’s task gets the answer for a task that does not exist', async () => {
    const id = await begin()
    server.tell(id, ...RUN.slice(0, 4))
    const asBob = { token: 'bob', headers: { 'last-event-id': '3' } }
    const [foreign, unknown] = [
      await rpc(server.url, 'SubscribeToTask', { id }, asBob),
      await rpc(server.url, 'SubscribeToTask', { id: '018f3e2a-0000-7000-8000-0000000000ff' }, asBob),
    ]
    expect(foreign.body.error?.code).toBe(-32001)
    expect(foreign.body.error?.message).toBe(unknown.body.error?.message)
    expect(foreign.headers.get('content-type')).toContain('application/json')
  })
})
