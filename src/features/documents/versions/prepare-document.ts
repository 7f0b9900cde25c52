// Everything of a text that was handed in whole which can be done before its transaction: cleaning, language, cutting.
import { createHash } from 'node:crypto'
import { fault } from '../../../platform/faults.ts'
import type { Writer } from '../../../platform/db/database.ts'
import { chunk, type Chunk, type DocumentFormat } from '../text/chunk.ts'
import { cleanText, warningsOf } from '../text/clean-text.ts'
import { languageOf, type Language } from '../text/language.ts'
import type { VersionContent } from './publish-version.ts'
import { stageChunks, type VersionKey } from './stage-chunks.ts'
import { insertText } from './version-text.ts'

export interface DocumentDraft {
  readonly title: string
  readonly content: string
  readonly format: DocumentFormat
  /** Told from the text where it is absent. */
  readonly language?: Language | undefined
  /** False leaves the document without vectors for good. */
  readonly embed?: boolean
}

export interface PreparedDocument {
  readonly text: string
  readonly chunks: readonly Chunk[]
  readonly content: VersionContent
  readonly embed: boolean
}

/** A megabyte of tiny sections would make 150,000 passages, and a transaction of minutes. */
export const MAX_CHUNKS = 5_000

export function prepareDocument({ embed = true, ...draft }: DocumentDraft): PreparedDocument {
  const title = cleanText(draft.title)
  const { text, removed } = cleanText(draft.content)
  const chunks = chunk(text, draft.format)
  if (chunks.length > MAX_CHUNKS) throw tooManyChunks(chunks.length)
  return {
    text,
    chunks,
    embed,
    content: {
      title: title.text,
      format: draft.format,
      fileType: draft.format,
      language: draft.language ?? languageOf(`${title.text}\n${text.slice(0, 20_000)}`),
      contentHash: hashOfContent(text),
      characters: text.length,
      pageStarts: [],
      warnings: warningsOf(sum(title.removed, removed)),
      blobId: null,
      sourceHash: null,
    },
  }
}

/** Puts a prepared text and its chunks in; for `publishVersion`. */
export function stagePrepared({ text, chunks, content, embed }: PreparedDocument) {
  return async (tx: Writer, key: VersionKey): Promise<void> => {
    await insertText(tx, key, 0, text)
    await stageChunks(
      tx,
      key,
      { title: content.title, language: content.language, embed },
      { chunks, from: 0 },
    )
  }
}

function hashOfContent(content: string): Uint8Array {
  return createHash('sha256').update(content).digest()
}

function sum<Counts extends { readonly [Name in keyof Counts]: number }>(a: Counts, b: Counts): Counts {
  const names = Object.keys(a) as (keyof Counts)[]
  return Object.fromEntries(names.map(name => [name, a[name] + b[name]])) as Counts
}

function tooManyChunks(count: number) {
  const message = `content must make at most ${MAX_CHUNKS} passages, got ${count}: give it fewer headings, or add it as a file`
  return fault('invalid_input', { say: message, issues: [{ field: 'content', message }] })
}
