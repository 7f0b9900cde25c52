// Chunks of a version in the search tables: put in, counted, taken out. A version whose chunks come in several
// transactions is hidden meanwhile, and counted when it becomes a document's current one.
import type { Writer } from '../../../platform/db/database.ts'
import { sql, sqlFile } from '../../../platform/db/statements.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import type { Chunk } from '../text/chunk.ts'
import type { Language } from '../text/language.ts'

/** A version in its tenant. */
export type VersionKey = { readonly tenant_id: string; readonly version_id: string }

/** What a chunk's words are read with: a passage is understood under its title, in the document's language. */
export type IndexedAs = {
  readonly title: string
  readonly language: Language
  /** False leaves the chunks without vectors for good: they are found by their words. */
  readonly embed: boolean
}

type Lists = 'ids' | 'starts' | 'ends' | 'headings' | 'contents' | 'tokens' | 'pages' | 'last_pages'
type Insertion = VersionKey & IndexedAs & { from: number } & Record<Lists, readonly unknown[]>
const insertChunks = sqlFile<Insertion, never>(import.meta.url, './insert-chunks.sql')
const countWords = sqlFile<VersionKey & { language: Language }, never>(import.meta.url, './count-words.sql')
const uncountWords = sqlFile<VersionKey & { language: Language }, never>(
  import.meta.url,
  './uncount-words.sql',
)

/** Chunks per statement: about 20,000 postings, and a parameter of some 300 KB. */
export const CHUNKS_PER_STATEMENT = 200

/** Puts chunks in, the first of them as the `from`-th of the version. */
export async function stageChunks(
  tx: Writer,
  key: VersionKey,
  as: IndexedAs,
  { chunks, from }: { readonly chunks: readonly Chunk[]; readonly from: number },
): Promise<void> {
  for (let at = 0; at < chunks.length; at += CHUNKS_PER_STATEMENT) {
    const batch = chunks.slice(at, at + CHUNKS_PER_STATEMENT)
    const { tenant_id, version_id } = key
    await tx.run(insertChunks({ tenant_id, version_id, ...as, from: from + at, ...columns(batch) }))
  }
}

/** What the chunks of a version are read with, as one text to compare. */
export function indexedAs({ title, language }: IndexedAs): string {
  return `${language} ${title}`
}

/** Hides a version from searches until it is published, or until nothing of it is left. */
export async function hideVersion(
  tx: Writer,
  { tenant_id, version_id }: VersionKey,
  as: string | null = null,
): Promise<void> {
  await tx.run(sql`
    insert into app.hidden_version (tenant_id, version_id, indexed_as) values (${tenant_id}, ${version_id}, ${as})
    on conflict do nothing`)
}

/** Shows a version to searches and counts its words. */
export async function showVersion(tx: Writer, key: VersionKey, language: Language): Promise<void> {
  const { tenant_id, version_id } = key
  await tx.run(
    sql`delete from app.hidden_version where tenant_id = ${tenant_id} and version_id = ${version_id}`,
  )
  // Taken as late as can be, held until the commit.
  await lockCorpus(tx, key)
  await tx.run(countWords({ tenant_id, version_id, language }))
}

/** Takes the words of a visible version out of the statistics. */
export async function uncountVersion(tx: Writer, key: VersionKey, language: Language): Promise<void> {
  const { tenant_id, version_id } = key
  await lockCorpus(tx, key)
  await tx.run(uncountWords({ tenant_id, version_id, language }))
}

/** One change of a tenant's statistics at a time; rows of documents are locked before it, never after. */
async function lockCorpus(tx: Writer, { tenant_id }: VersionKey): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tenant_id}, 7474003))`)
}

function columns(chunks: readonly Chunk[]): Record<Lists, readonly unknown[]> {
  return {
    ids: chunks.map(() => uuidv7()),
    starts: chunks.map(({ start }) => start),
    ends: chunks.map(({ end }) => end),
    headings: chunks.map(({ heading }) => heading),
    contents: chunks.map(({ content }) => content),
    tokens: chunks.map(({ tokens }) => tokens),
    pages: chunks.map(({ page }) => page),
    last_pages: chunks.map(({ lastPage }) => lastPage),
  }
}
