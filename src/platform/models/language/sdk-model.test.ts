import { expect, test } from 'vitest'
import { destination } from '../../outbound/destination.ts'
import type { ModelUsage } from '../meter.ts'
import { sdkModel, type SdkProvider } from './sdk-model.ts'

const server = destination({
  name: 'fake',
  origin: 'http://127.0.0.1:9',
  deadlineMs: 1_000,
  concurrency: 1,
  queue: 1,
  breaker: { consecutive: 5, failureRate: 1, window: 5, openMs: 1_000, slowMs: 1_000 },
  retry: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1, longestRetryAfterMs: 1 },
})

/** What whoever pays hears of a call that its caller leaves after the first piece of text, or before any. */
async function leftAt(piece: 'text' | 'nothing', hidesReasoning: boolean): Promise<[ModelUsage, string][]> {
  const used: [ModelUsage, string][] = []
  const caller = new AbortController()
  const open: SdkProvider['open'] = () => ({
    doStream: async ({ abortSignal }) => ({
      stream: new ReadableStream({
        start(stream) {
          abortSignal?.addEventListener('abort', () => stream.error(abortSignal.reason))
          if (piece === 'text') stream.enqueue({ type: 'text-delta', id: '1', delta: 'Ada was' })
          else setImmediate(() => caller.abort())
        },
      }),
    }),
  })
  const meter = { sent: async () => undefined, used: (...said: [ModelUsage, string]) => void used.push(said) }
  const generation = { system: 'abc', prompt: 'def', maxOutput: 321, signal: caller.signal, meter }
  const model = sdkModel('m', 'm', { destination: server, open, hidesReasoning })
  const read = async () => {
    for await (const part of model.stream(generation)) if (part.kind === 'text') caller.abort()
  }
  await expect(read()).rejects.toMatchObject({ code: 'cancelled' })
  return used
}

test.each([
  ['text', false, 3],
  ['nothing', false, 321],
  ['text', true, 321],
] as const)(
  'BU06 a caller that leaves after %s, of a provider that hides reasoning: %s, does not hide its cost',
  async (piece, hides, output) => {
    expect(await leftAt(piece, hides)).toEqual([[{ input: 2, output }, 'counted']])
  },
)
