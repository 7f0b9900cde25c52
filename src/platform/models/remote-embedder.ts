// Vectors from a server: what is sent, in which portions, and that only checked answers come back.
import type { Destination } from '../outbound/destination.ts'
import { badEmbedding, checkedVectors } from './checked-vectors.ts'
import type { EmbeddingWire } from './embedding-wires.ts'
import { countedTokens, mostTokens, type Meter } from './meter.ts'

/** Longer texts are cut: chunks are far shorter, and no common embedding model reads further. */
const MAX_TEXT_LENGTH = 8_000
/** Of one request: TEI's default limit of a batch. */
export const MAX_TEXTS = 32
/** 32 vectors of 4,096 numbers, 24 characters each, are 3 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024
/** HNSW over halfvec ends here (pgvector 0.8). */
const MAX_DIMENSION = 4_000
/** One text takes a busy server without a GPU well under a second; its batches must not look broken for their size. */
const SLOW_CALL_MS = 1_500
const SLOW_TEXT_MS = 500

export interface RemoteModel {
  readonly destination: Destination
  readonly wire: EmbeddingWire
  /** The path of the server's base URL, without a slash at its end: "/v1". */
  readonly basePath: string
  readonly headers: Readonly<Record<string, string>>
  /** As the server calls it. */
  readonly model: string
}

interface Embedding {
  readonly dimension: number
  readonly signal: AbortSignal | undefined
  /** Of one request: then there are no more than MAX_TEXTS texts. */
  readonly meter?: Meter | undefined
}

/** One vector per text, in order; null for a blank one, which is not sent. Several requests when there are many. */
export async function embedRemotely(
  remote: RemoteModel,
  texts: readonly string[],
  { dimension, signal, meter }: Embedding,
): Promise<(Float32Array | null)[]> {
  const vectors = texts.map((): Float32Array | null => null)
  const places = [...texts.keys()].filter(place => !isBlank(texts[place] ?? ''))
  for (let at = 0; at < places.length; at += MAX_TEXTS) {
    const portion = places.slice(at, at + MAX_TEXTS)
    const answer = await ask(
      remote,
      portion.map(place => texts[place] ?? ''),
      { signal, meter },
    )
    const checked = checkedVectors(answer, { count: portion.length, dimension })
    for (const [index, place] of portion.entries()) vectors[place] = checked[index] ?? null
  }
  return vectors
}

/** How many numbers the model's vectors have, by asking for one. */
export async function probeDimension(remote: RemoteModel, signal: AbortSignal | undefined): Promise<number> {
  const answer = await ask(remote, ['dimension'], { signal })
  const first: unknown = Array.isArray(answer) ? answer[0] : undefined
  const dimension = Array.isArray(first) ? first.length : 0
  if (dimension > MAX_DIMENSION)
    throw badEmbedding(`a vector has ${dimension} numbers, and at most ${MAX_DIMENSION} can be searched`)
  checkedVectors(answer, { count: 1, dimension })
  return dimension
}

async function ask(
  { destination, wire, basePath, headers, model }: RemoteModel,
  texts: readonly string[],
  { signal, meter }: Omit<Embedding, 'dimension'>,
): Promise<unknown> {
  const sent = texts.map(sendable)
  const answer = await destination.post({
    path: `${basePath}${wire.path}`,
    headers,
    json: wire.ask(model, sent),
    // Asking twice changes nothing, but may cost twice.
    isSafeToRetry: meter === undefined,
    maxBytes: MAX_ANSWER_BYTES,
    slowMs: SLOW_CALL_MS + SLOW_TEXT_MS * texts.length,
    ear: meter && {
      owner: meter.owner,
      leaving: () => meter.sent(),
      undone: () => meter.used({}, 'provider'),
    },
    ...(signal === undefined ? {} : { signal }),
  })
  // Whether or not the vectors can be used.
  if (meter !== undefined) tell(meter, wire.tokens(answer), sent)
  return wire.vectors(answer)
}

/** A number that cannot be is handed on: whoever charges refuses it. Zero for a text is no number at all. */
function tell(meter: Meter, tokens: unknown, sent: readonly string[]): void {
  if (typeof tokens === 'number' && tokens !== 0) meter.used({ embedding: tokens }, 'provider')
  else meter.used({ embedding: countedTokens(mostTokens(...sent)) }, 'counted')
}

/** Half a surrogate pair (the cut may leave one) is refused as malformed by strict JSON readers. */
function sendable(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).toWellFormed()
}

/** Nothing a person could see. */
function isBlank(text: string): boolean {
  return !/[^\s\p{C}\p{Z}]/u.test(text)
}
