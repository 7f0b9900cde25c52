// How the three kinds of embedding servers are spoken to. Everything read from an answer stays `unknown` here.
import { badEmbedding } from './checked-vectors.ts'

export interface EmbeddingWire {
  /** Below the server's base URL. */
  readonly path: string
  readonly ask: (model: string, texts: readonly string[]) => unknown
  /** The list of vectors in the order of the texts, as it stands in the answer. */
  readonly vectors: (answer: unknown) => unknown
  /** The tokens that the answer says it took, as they stand there; undefined where it does not say. */
  readonly tokens: (answer: unknown) => unknown
}

/** Ollama cuts what its model cannot take by itself (`truncate` is on by default). */
const ollama: EmbeddingWire = {
  path: '/api/embed',
  ask: (model, texts) => ({ model, input: texts }),
  vectors: answer => field(answer, 'embeddings'),
  tokens: answer => at(answer, 'prompt_eval_count'),
}

const openai: EmbeddingWire = {
  path: '/embeddings',
  ask: (model, texts) => ({ model, input: texts }),
  vectors: answer => inOrder(field(answer, 'data')),
  tokens: answer => at(at(answer, 'usage'), 'prompt_tokens') ?? at(at(answer, 'usage'), 'total_tokens'),
}

/** One server holds one model. Without `truncate` a single long text has the whole batch refused. */
const tei: EmbeddingWire = {
  path: '/embed',
  ask: (_model, texts) => ({ inputs: texts, truncate: true }),
  vectors: answer => answer,
  tokens: () => undefined,
}

export const EMBEDDING_WIRES = { ollama, openai, tei } as const

export type Provider = keyof typeof EMBEDDING_WIRES

/** Each vector says which text it belongs to: every text once, or a passage would carry another one's vector. */
function inOrder(data: unknown): unknown[] {
  if (!Array.isArray(data)) throw badEmbedding('the answer is not a list of vectors')
  const vectors = new Map<unknown, unknown>()
  for (const one of data as unknown[]) vectors.set(field(one, 'index'), field(one, 'embedding'))
  // A text left out, or named twice, makes a hole, and a hole is no vector.
  return Array.from(data, (_, index) => vectors.get(index))
}

function field(value: unknown, name: string): unknown {
  const found = at(value, name)
  if (found === undefined) throw badEmbedding(`the answer has no field "${name}"`)
  return found
}

function at(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
