// Carries the web Response of the MCP handler to the Node connection: JSON in a single write, streams chunk by chunk
// at the pace of their reader.
import type { FastifyReply } from 'fastify'

/** `beforeHead` runs when the answer is there and its headers are not yet sent. */
export async function sendResponse(
  reply: FastifyReply,
  response: Response,
  beforeHead: () => void,
): Promise<FastifyReply> {
  const type = response.headers.get('content-type')
  const allow = response.headers.get('allow')
  reply.code(response.status)
  if (type !== null) reply.type(type)
  if (allow !== null) reply.header('allow', allow)
  if (response.body === null || !type?.startsWith('text/event-stream')) {
    const text = await response.text()
    beforeHead()
    return reply.send(text === '' ? undefined : text)
  }
  const stream = await startedStream(response.body)
  beforeHead()
  return reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }).send(stream)
}

/** The same stream once its first chunk is there: until then nothing is sent, so headers can still tell of the call. */
async function startedStream(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader()
  let first: Awaited<ReturnType<typeof reader.read>> | undefined = await reader.read()
  return new ReadableStream<Uint8Array>(
    {
      pull: async controller => {
        const { done, value } = first ?? (await reader.read())
        first = undefined
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
