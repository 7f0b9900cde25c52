// Server-sent events out of an HTTP answer. A connection that is silent for longer than the server's heartbeat allows is
// dead, whatever the operating system believes.
import { sseParser, type ServerSentEvent } from './sse-parser.ts'

/** The server sends a comment every 15 seconds. */
const SILENCE_MS = 50_000

/** Ends when the body ends; throws when it breaks or is silent for too long. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs = SILENCE_MS,
): AsyncGenerator<ServerSentEvent> {
  const parser = sseParser()
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read(), silenceMs)
      if (done) return
      yield* parser.push(decoder.decode(value, { stream: true }))
    }
  } finally {
    // Whoever leaves early leaves the connection too; one that is broken already needs no second complaint.
    reader.cancel().catch(() => undefined)
  }
}

async function withinSilence<T>(read: Promise<T>, silenceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was heard for ${silenceMs} ms`)), silenceMs)
  })
  try {
    return await Promise.race([read, silence])
  } finally {
    clearTimeout(timer)
  }
}
