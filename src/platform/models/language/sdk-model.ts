// A provider of the AI SDK behind our port. Asked once: repeating is the outbound door's business. Whatever way a call
// ends, what it used is told: by the provider's word, or by counting what went out and came in.
import type { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { fault, Fault } from '../../faults.ts'
import type { CallEar, Destination } from '../../outbound/destination.ts'
import { countedTokens, mostTokens, type Meter, type ModelUsage } from '../meter.ts'
import type { Generation, LanguageModel, Written } from './language-model.ts'
import { outboundFetch } from './outbound-fetch.ts'
import { reportedUsage } from './reported-usage.ts'

export type SdkModel = ReturnType<ReturnType<typeof createOpenAICompatible>['chatModel']>
type Part = Awaited<ReturnType<SdkModel['doStream']>>['stream'] extends ReadableStream<infer P> ? P : never
type Finish = Extract<Part, { type: 'finish' }>

export interface SdkProvider {
  readonly destination: Destination
  /** The SDK's model of that name, which asks by that `fetch`. */
  readonly open: (model: string, fetch: typeof globalThis.fetch) => Pick<SdkModel, 'doStream'>
  /** Whether its models may bill reasoning that is not in the stream: what arrived says nothing of the cost then. */
  readonly hidesReasoning?: boolean
}

export function sdkModel(
  name: string,
  model: string,
  { destination, open, hidesReasoning = false }: SdkProvider,
): LanguageModel {
  return {
    name,
    stream(generation) {
      const fetch = outboundFetch(destination, generation.meter && earOf(generation.meter))
      return written(open(model, fetch), generation, { name, hidesReasoning })
    },
  }
}

interface Seen {
  isAnswered: boolean
  bytes: number
  reported: ModelUsage | undefined
}

async function* written(
  sdk: Pick<SdkModel, 'doStream'>,
  { system, prompt, maxOutput, signal, meter }: Generation,
  { name, hidesReasoning }: { readonly name: string; readonly hidesReasoning: boolean },
): AsyncGenerator<Written> {
  const seen: Seen = { isAnswered: false, bytes: 0, reported: undefined }
  // A stream that is only not read any more would wait for its next piece.
  const leaving = new AbortController()
  try {
    const { stream } = await sdk.doStream({
      prompt: [
        { role: 'system', content: system.toWellFormed() },
        { role: 'user', content: [{ type: 'text', text: prompt.toWellFormed() }] },
      ],
      maxOutputTokens: maxOutput,
      abortSignal: AbortSignal.any([signal, leaving.signal]),
    })
    seen.isAnswered = true
    yield* textOf(stream.getReader(), seen)
  } catch (error) {
    throw told(error, { name, signal })
  } finally {
    leaving.abort()
    // Whoever leaves while nothing is to be seen yet leaves in the middle of reasoning, which is billed.
    const output = seen.bytes > 0 && !hidesReasoning ? countedTokens(seen.bytes) : maxOutput
    tell(meter, seen, { input: countedTokens(mostTokens(system, prompt)), output })
  }
}

/** A stream that goes wrong is read to its end all the same: the usage comes last. */
async function* textOf(stream: ReadableStreamDefaultReader<Part>, seen: Seen): AsyncGenerator<Written> {
  let problem: unknown
  for (;;) {
    const { done, value: part } = await stream.read()
    if (done) break
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
      seen.bytes += Buffer.byteLength(part.delta)
      if (part.type === 'text-delta' && problem === undefined) yield { kind: 'text', text: part.delta }
    } else if (part.type === 'error') problem ??= part.error ?? new Error('an error without a word')
    else if (part.type === 'finish') {
      seen.reported = reportedUsage(part.usage)
      if (problem === undefined) yield { kind: 'end', end: END[part.finishReason.unified] ?? 'complete' }
    }
  }
  if (problem !== undefined) throw new Error('the stream told of an error', { cause: problem })
}

const END: Partial<Record<Finish['finishReason']['unified'], 'cut' | 'withheld'>> = {
  length: 'cut',
  'content-filter': 'withheld',
}

/** Nothing is said of a call that left and was not answered: whoever pays knows it as one that may have been done. */
function tell(meter: Meter | undefined, { isAnswered, reported }: Seen, counted: ModelUsage): void {
  if (!isAnswered) return
  if (reported !== undefined) meter?.used(reported, 'provider')
  else meter?.used(counted, 'counted')
}

function earOf(meter: Meter): CallEar {
  return { owner: meter.owner, leaving: () => meter.sent(), undone: () => meter.used({}, 'provider') }
}

/** The SDK's errors hold the whole request, and the provider's words: neither gets into a fault. */
function told(error: unknown, { name, signal }: { name: string; signal: AbortSignal }): Fault {
  if (error instanceof Fault) return error
  if (signal.aborted) return fault('cancelled')
  const { cause } = error as { cause?: unknown }
  if (cause instanceof Fault) return cause
  const kind = error instanceof Error ? error.name : typeof error
  return fault('unavailable', {
    reason: 'bad_answer',
    say: `${name} broke off, or sent an answer that cannot be read.`,
    detail: `the answer of ${name}: ${kind}`,
  })
}
