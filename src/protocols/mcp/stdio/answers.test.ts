import { expect, test } from 'vitest'
import { answersOf } from './answers.ts'

async function answers(
  body: string | ReadableStream,
  init: ResponseInit & { type?: string } = {},
): Promise<unknown[]> {
  const { type = 'application/json', ...rest } = init
  const found: unknown[] = []
  for await (const answer of answersOf(new Response(body, { ...rest, headers: { 'content-type': type } }), 7))
    found.push(answer)
  return found
}

const events = (...chunks: string[]) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })

test('one JSON message is one answer', async () => {
  expect(await answers('{"jsonrpc":"2.0","id":7,"result":{}}')).toEqual([
    { jsonrpc: '2.0', id: 7, result: {} },
  ])
})

test('an error the door gave without an id belongs to the request', async () => {
  expect(
    await answers('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}', { status: 400 }),
  ).toEqual([{ jsonrpc: '2.0', id: 7, error: { code: -32600, message: 'no' } }])
})

test('a stream is read event by event, across chunks, without its comments, up to the answer', async () => {
  const type = 'text/event-stream; charset=utf-8'
  const progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}'
  const stream = events(
    ': keepalive\n\nevent: mess',
    `age\ndata: ${progress}\n`,
    '\ndata: {"jsonrpc":"2.0",\ndata: "id":7,"result":{}}\r\n\r\n',
    'data: {"late":1}\n\n',
  )
  expect(await answers(stream, { type })).toEqual([
    JSON.parse(progress),
    { jsonrpc: '2.0', id: 7, result: {} },
  ])
})

test('a stream that ends too early is answered all the same', async () => {
  expect(
    await answers(events('data: {"jsonrpc":"2.0","id":8,"result":{}}\n\n'), { type: 'text/event-stream' }),
  ).toEqual([
    { jsonrpc: '2.0', id: 8, result: {} },
    { jsonrpc: '2.0', id: 7, error: { code: -32603, message: 'The connection ended before the answer.' } },
  ])
})

test('a refusal of the door becomes an error with its status as the code', async () => {
  const problem = {
    status: 429,
    detail: 'Too many calls.',
    code: 'rate_limited',
    retry_after_ms: 900,
    request_id: 'r',
  }
  expect(await answers(JSON.stringify(problem), { status: 429, type: 'application/problem+json' })).toEqual([
    {
      jsonrpc: '2.0',
      id: 7,
      error: {
        code: 429,
        message: 'Too many calls.',
        data: { code: 'rate_limited', retry_after_ms: 900, request_id: 'r' },
      },
    },
  ])
  expect(await answers('<html>', { status: 502, type: 'text/html' })).toMatchObject([
    { error: { code: 502, message: 'The server answered with HTTP status 502.' } },
  ])
})
