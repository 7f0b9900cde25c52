// Everything of a document that can be done before its transaction: cleaning, cutting, embedding.
import { createHash } from 'node:crypto'
import { fault } from '../../platform/faults.ts'
import type { Embedder } from '../../platform/models/embedder.ts'
import { storableText } from '../../platform/storable-text.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { chunk, type Chunk, type DocumentFormat } from './chunk.ts'

export interface DocumentDraft {
  readonly title: string
  readonly content: string
  readonly format: DocumentFormat
  readonly externalId: string | null
  readonly labels: readonly string[]
}

export interface PreparedChunk extends Chunk {
  readonly id: string
  /** Null where there is no embedding: the chunk is found by its words all the same. */
  readonly vector: Float32Array | null
}

export interface PreparedDocument extends DocumentDraft {
  readonly chunks: readonly PreparedChunk[]
  readonly contentHash: Uint8Array
  /** Whether characters were removed that no text can hold. */
  readonly cleaned: boolean
}

/** A megabyte of tiny sections would make 150,000 passages, and a transaction of minutes. */
const MAX_CHUNKS = 5_000

/** Without an embedder the document is published without vectors. */
export async function prepareDocument(
  draft: DocumentDraft,
  embedder?: Embedder,
  signal?: AbortSignal,
): Promise<PreparedDocument> {
  const title = storableText(draft.title)
  const content = storableText(draft.content)
  const chunks = chunk(content.text, draft.format)
  if (chunks.length > MAX_CHUNKS) throw tooManyChunks(chunks.length)
  // A passage is understood under its title and headings, as the lexical index counts it.
  const texts = chunks.map(({ heading, content: passage }) => `${title.text}\n${heading}\n${passage}`)
  const vectors = (await embedder?.embed(texts, signal)) ?? []
  return {
    ...draft,
    title: title.text,
    content: content.text,
    cleaned: title.cleaned || content.cleaned,
    contentHash: hashOfContent(content.text),
    chunks: chunks.map((piece, at) => ({ ...piece, id: uuidv7(), vector: vectors[at] ?? null })),
  }
}

function tooManyChunks(count: number) {
  const message = `content must make at most ${MAX_CHUNKS} passages, got ${count}: give it fewer headings, or add it in parts`
  return fault('invalid_input', { say: message, issues: [{ field: 'content', message }] })
}

export function hashOfContent(content: string): Uint8Array {
  return createHash('sha256').update(content).digest()
}
