// The search tables of a document: chunks, postings, vectors, and the tenant's statistics. They change in the
// document's own transaction, so a search sees all of a document or nothing of it.
import type { Writer } from '../../platform/db/database.ts'
import { sql, sqlFile } from '../../platform/db/statements.ts'
import { vectorText } from '../../platform/models/embedder.ts'
import type { PreparedChunk, PreparedDocument } from './prepare-document.ts'

/** The document in its tenant. */
export type DocumentKey = { readonly tenant_id: string; readonly document_id: string }

type ChunkColumns = DocumentKey & { version: number; title: string; from: number } & Record<
    'ids' | 'starts' | 'ends' | 'headings' | 'contents',
    readonly unknown[]
  >
const insertChunks = sqlFile<ChunkColumns, never>(import.meta.url, './insert-chunks.sql')
const countWords = sqlFile<DocumentKey, never>(import.meta.url, './count-words.sql')
const uncountWords = sqlFile<DocumentKey, never>(import.meta.url, './uncount-words.sql')

/** Chunks per statement: about 20,000 postings, and a parameter of some 300 KB. */
const BATCH = 200

export async function indexChunks(
  tx: Writer,
  key: DocumentKey,
  version: number,
  document: PreparedDocument,
): Promise<void> {
  for (let from = 0; from < document.chunks.length; from += BATCH) {
    const chunks = document.chunks.slice(from, from + BATCH)
    await tx.run(insertChunks({ ...key, version, title: document.title, from, ...columns(chunks) }))
    await insertVectors(tx, key, chunks)
  }
  // Taken as late as can be, held until the commit.
  await lockCorpus(tx, key)
  await tx.run(countWords(key))
}

export async function unindexChunks(tx: Writer, key: DocumentKey): Promise<void> {
  await lockCorpus(tx, key)
  await tx.run(uncountWords(key))
  const { tenant_id, document_id } = key
  await tx.run(sql`delete from app.posting where tenant_id = ${tenant_id} and document_id = ${document_id}`)
  await tx.run(sql`delete from app.vector_1 where tenant_id = ${tenant_id} and document_id = ${document_id}`)
  await tx.run(sql`delete from app.chunk where tenant_id = ${tenant_id} and document_id = ${document_id}`)
}

/** One change of a tenant's statistics at a time; rows of documents are locked before it, never after. */
async function lockCorpus(tx: Writer, { tenant_id }: DocumentKey): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tenant_id}, 7474003))`)
}

async function insertVectors(tx: Writer, key: DocumentKey, chunks: readonly PreparedChunk[]): Promise<void> {
  const embedded = chunks.flatMap(({ id, vector }) =>
    vector === null ? [] : [{ id, vector: vectorText(vector) }],
  )
  if (embedded.length === 0) return
  await tx.run(sql`
    insert into app.vector_1 (tenant_id, chunk_id, document_id, embedding)
    select ${key.tenant_id}, id, ${key.document_id}, embedding::halfvec
    from unnest(${embedded.map(({ id }) => id)}::uuid[], ${embedded.map(({ vector }) => vector)}::text[]) as v (id, embedding)`)
}

function columns(
  chunks: readonly PreparedChunk[],
): Omit<ChunkColumns, keyof DocumentKey | 'version' | 'title' | 'from'> {
  return {
    ids: chunks.map(({ id }) => id),
    starts: chunks.map(({ start }) => start),
    ends: chunks.map(({ end }) => end),
    headings: chunks.map(({ heading }) => heading),
    contents: chunks.map(({ content }) => content),
  }
}
