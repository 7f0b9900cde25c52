import { expect, test } from 'vitest'
import { fault } from '../../../platform/faults.ts'
import { beginStream } from './begin-stream.ts'
import { eventText, sseText, type SseMessage } from './sse.ts'

async function* given(...messages: SseMessage[]): AsyncGenerator<SseMessage> {
  yield* messages
}

async function* failing(problem: Error, before: readonly SseMessage[]): AsyncGenerator<SseMessage> {
  yield* before
  throw problem
}

async function textOf(
  messages: AsyncIterable<SseMessage>,
  options?: Parameters<typeof eventText>[1],
): Promise<string> {
  const pieces: string[] = []
  for await (const piece of eventText(messages, options)) pieces.push(piece)
  return pieces.join('')
}

test('an event is one block, whatever line breaks its text has', () => {
  expect(sseText({ id: 7, event: 'task_update', data: { message: 'a\n\ndata: b\r\u2028c' } })).toBe(
    'id: 7\nevent: task_update\ndata: {"message":"a\\n\\ndata: b\\r\u2028c"}\n\n',
  )
})

test('while nothing is said, a comment keeps the stream alive; the event that comes then is not lost', async () => {
  async function* slowly(): AsyncGenerator<SseMessage> {
    yield { id: 1, data: 'one' }
    await new Promise(resolve => setTimeout(resolve, 60))
    yield { id: 2, data: 'two' }
  }
  const text = await textOf(slowly(), { heartbeatMs: 10 })
  expect(text.replaceAll(': still here\n\n', '♥').replaceAll(/♥+/g, '♥')).toBe(
    'retry: 1000\n\nid: 1\ndata: "one"\n\n♥id: 2\ndata: "two"\n\n',
  )
})

test('a fault in the middle is told as its last event; what the caller ended himself is not', async () => {
  const onFault = ({ code, say }: { code: string; say: string }) => ({
    event: 'stream_ended',
    data: { code, say },
  })
  const said = await textOf(failing(new Error('select secret from hidden_table'), [{ data: 1 }]), { onFault })
  expect(said).toContain('event: stream_ended\ndata: {"code":"internal"')
  expect(said).not.toContain('hidden_table')
  expect(await textOf(failing(fault('cancelled'), [{ data: 1 }]), { onFault })).not.toContain('stream_ended')
})

test('no event is asked for before the one before it was taken', async () => {
  let made = 0
  async function* counted(): AsyncGenerator<SseMessage> {
    for (;;) yield { id: ++made, data: null }
  }
  const text = eventText(counted())
  for (let taken = 0; taken < 3; taken++) await text.next()
  await new Promise(setImmediate)
  expect(made).toBeLessThanOrEqual(3)
  await text.return(undefined)
})

test('whoever stops reading ends what is read from', async () => {
  let isEnded = false
  async function* endless(): AsyncGenerator<SseMessage> {
    try {
      for (;;) yield { data: null }
    } finally {
      isEnded = true
    }
  }
  const { all } = await beginStream(endless())
  const text = eventText(all)
  await text.next()
  await text.next()
  await text.return(undefined)
  await new Promise(setImmediate)
  expect(isEnded).toBe(true)
})

test('a stream that fails before its first piece throws, so that it can be refused plainly', async () => {
  const refused = failing(fault('not_found', { reason: 'unknown_task' }), [])
  await expect(beginStream(refused)).rejects.toMatchObject({ reason: 'unknown_task' })
  const { first, all } = await beginStream(given({ id: 1, data: 'one' }, { id: 2, data: 'two' }))
  expect(first?.id).toBe(1)
  expect(await textOf(all)).toBe('retry: 1000\n\nid: 1\ndata: "one"\n\nid: 2\ndata: "two"\n\n')
})
