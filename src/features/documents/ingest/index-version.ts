// Cuts the stored text of a version into chunks and puts them in, hidden, a batch a transaction. A run that was killed
// goes on after the last batch: the same text always gives the same chunks.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { append } from '../../../platform/journal/journal.ts'
import { chunkStream, type Chunk } from '../text/chunk.ts'
import { isCurrentText, type Publication, type VersionContent } from '../versions/publish-version.ts'
import { clearVersion } from '../versions/remove-version.ts'
import {
  CHUNKS_PER_STATEMENT,
  hideVersion,
  indexedAs,
  stageChunks,
  type VersionKey,
} from '../versions/stage-chunks.ts'
import { readText } from '../versions/version-text.ts'
import { documentChanged } from './kept-by-document.ts'
import type { IngestWork } from './ingest-work.ts'

export interface Indexed {
  /** Chunks of the version in all. */
  readonly chunks: number
  /** Puts the last batch in; for the transaction that publishes. */
  readonly stageRest: (tx: Writer, key: VersionKey) => Promise<void>
}

/** Some 300 MB of text. */
const MAX_CHUNKS = 500_000

/** Chunks of a batch, and how long one should take. */
const FIRST_BATCH = 100
const SMALLEST_BATCH = 10
const BATCH_MS = 400

/** A text that is the document's already is not cut: publishing will find it unchanged. */
export async function indexVersion(
  work: IngestWork,
  target: Publication['target'],
  content: VersionContent,
): Promise<Indexed> {
  const { doors, run, ingestion } = work
  const key = { tenant_id: ingestion.tenantId, version_id: ingestion.versionId }
  const found = await doors.read(async tx =>
    (await isCurrentText(tx, ingestion.tenantId, target, content)) ? undefined : stagedChunks(tx, key),
  )
  if (found === undefined) return { chunks: 0, stageRest: () => Promise.reject(documentChanged()) }
  const as = { title: content.title, language: content.language, embed: true }
  const goesOn = found.chunks === 0 || found.indexedAs === indexedAs(as)
  const staged = goesOn ? found.chunks : await startOver(work, key)
  let chunks = 0
  let batch: Chunk[] = []
  let size = FIRST_BATCH
  const pages = content.pageStarts.map((at, index) => ({ at, page: index + 1 }))
  for await (const chunk of chunkStream(readText(doors.read, key), content.format, pages)) {
    if (work.signal.aborted) throw fault('cancelled')
    if (batch.length >= size) {
      const full = { chunks: batch, from: chunks - batch.length }
      const begun = performance.now()
      await run.write(async tx => {
        await hideVersion(tx, key, indexedAs(as))
        await stageChunks(tx, key, as, full)
        const progress = { characters_done: chunk.start, characters: content.characters }
        await append(tx, run.key, 'indexing', progress)
      })
      batch = []
      size = nextSize(size, performance.now() - begun)
    }
    if (chunks >= MAX_CHUNKS) throw tooManyChunks()
    if (chunks >= staged) batch.push(chunk)
    chunks++
  }
  const rest = { chunks: batch, from: chunks - batch.length }
  return { chunks, stageRest: (tx, version) => stageChunks(tx, version, as, rest) }
}

/** Large where the database is quick, small where a search would wait for it: the embedded one does one thing at a time. */
function nextSize(size: number, tookMs: number): number {
  const fitting = Math.round((size * BATCH_MS) / Math.max(1, tookMs))
  return Math.max(SMALLEST_BATCH, Math.min(CHUNKS_PER_STATEMENT, size * 2, fitting))
}

/** Batches go in whole and in order: what is there is the beginning. */
async function stagedChunks(
  tx: Reader,
  { tenant_id, version_id }: VersionKey,
): Promise<{ readonly chunks: number; readonly indexedAs: string | null }> {
  const row = await tx.first(sql<{ chunks: number; indexedAs: string }>`
    select h.indexed_as as "indexedAs", (
      select coalesce(max(c.ordinal) + 1, 0)::int from app.chunk c
      where c.tenant_id = ${tenant_id} and c.version_id = ${version_id}) as chunks
    from app.hidden_version h where h.tenant_id = ${tenant_id} and h.version_id = ${version_id}`)
  return row ?? { chunks: 0, indexedAs: null }
}

/** Chunks that an earlier attempt put in under another title or language go. */
async function startOver({ run }: IngestWork, key: VersionKey): Promise<number> {
  await clearVersion(run.write, key)
  return 0
}

function tooManyChunks() {
  return fault('invalid_input', {
    reason: 'too_much_text',
    say: `The file makes more than ${MAX_CHUNKS} passages: split it and ingest the parts.`,
  })
}
