// Following an operation over /api: what is sent, what is not, how it is taken up again, and that a refusal is one.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApiServer, type ApiServer } from '../../../../tests/harness/api-server.ts'

let server: ApiServer
beforeAll(async () => {
  server = await startApiServer()
})
beforeEach(() => void server.inputs.splice(0))
afterAll(() => server.stop(0))

interface Asked {
  readonly operation?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const ask = ({ operation = 'count', body = { to: 5 }, headers }: Asked = {}) =>
  fetch(`${server.url}/api/${operation}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer ada-a',
      accept: 'text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  })

interface Message {
  readonly id: string
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

const messagesOf = async (answer: Response): Promise<Message[]> =>
  (await answer.text())
    .split('\n\n')
    .filter(block => block.includes('data: '))
    .map(block => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      const data = JSON.parse(field('data')) as Message['data']
      return { id: field('id'), event: field('event'), data }
    })
const numbersIn = (messages: readonly Message[]) => messages.flatMap(({ data }) => data['numbers'] ?? [])

test('every answer with news is a message with the id to go on from, and the last says that it was the last', async () => {
  const answer = await ask()
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const messages = await messagesOf(answer)
  expect(numbersIn(messages)).toEqual([1, 2, 3, 4, 5])
  expect(messages.map(({ id, event }) => [id, event])).toEqual([
    ['2', ''],
    ['4', ''],
    ['5', ''],
    ['', 'end'],
  ])
  // One question had waited in vain; it was asked again and nobody was told.
  expect(server.inputs.length).toBeGreaterThan(3)
  expect(server.inputs.map(input => input['wait_seconds'])).toEqual([
    0,
    ...server.inputs.slice(1).map(() => 20),
  ])
})

test('Last-Event-ID goes on behind that message: nothing twice, nothing missing', async () => {
  const messages = await messagesOf(await ask({ headers: { 'last-event-id': '2' } }))
  expect(numbersIn(messages)).toEqual([3, 4, 5])
  expect(messages.at(-1)?.event).toBe('end')
  // All was heard already: that is said too, and how it stands.
  const [only, end] = await messagesOf(await ask({ headers: { 'last-event-id': '5' } }))
  expect([only?.id, only?.data['is_over'], end?.event]).toEqual(['5', true, 'end'])
})

test('what refuses the caller is an answer of its own, before any stream', async () => {
  const refusals = await Promise.all([
    ask({ headers: { 'last-event-id': 'nonsense' } }),
    ask({ headers: { 'last-event-id': '1.2' } }),
    ask({ body: { to: 500 } }),
    ask({ body: [] }),
    ask({ headers: { authorization: 'Bearer nobody' } }),
    ask({ headers: { authorization: 'Bearer operator' } }),
    ask({ operation: 'break', body: {} }),
  ])
  expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400, 401, 404, 500])
  for (const refusal of refusals)
    expect(refusal.headers.get('content-type')).toContain('application/problem+json')
})

test('what breaks it later is its last message, a problem document that tells nothing of ours', async () => {
  const messages = await messagesOf(await ask({ body: { to: 50, breaks: 2 } }))
  expect(numbersIn(messages)).toEqual([1, 2])
  expect(messages.at(-1)).toMatchObject({
    event: 'problem',
    data: { code: 'internal', status: 500, request_id: expect.any(String) as string },
  })
  expect(JSON.stringify(messages)).not.toContain('hidden_table')
})

test.each([['application/json'], ['*/*'], ['application/json, text/event-stream']])(
  'who accepts %s gets one answer as JSON',
  async accept => {
    const answer = await ask({ headers: { accept } })
    expect(await answer.json()).toEqual({ numbers: [1, 2], last: 2, is_over: false })
  },
)

test('an operation that cannot be followed answers as ever', async () => {
  const answer = await ask({ operation: 'keep', body: { text: 'yes' } })
  expect(await answer.json()).toEqual({ text: 'yes' })
})
