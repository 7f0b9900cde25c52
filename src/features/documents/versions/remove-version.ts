// Takes a version out of the search tables. A large one is only hidden in the caller's transaction, and cleared away
// by a job in many short ones: nobody waits for two million rows.
import type { Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { queue } from '../../../platform/jobs/queue.ts'
import { sendJob } from '../../../platform/jobs/send-job.ts'
import type { Language } from '../text/language.ts'
import { hideVersion, uncountVersion, type VersionKey } from './stage-chunks.ts'

/** Clears what is left of a hidden version. */
export const CLEAR_VERSION = queue('clear_version', ['versionId'])

/** What one transaction deletes at most. */
const CHUNKS_AT_ONCE = 2_000
const POSTINGS_AT_ONCE = 200_000

/** Takes a visible version out: it is not found any more, and its words are not counted. */
export async function removeVersion(tx: Writer, key: VersionKey, language: Language): Promise<void> {
  await uncountVersion(tx, key, language)
  await discardVersion(tx, key)
}

/** Takes out a version that is not counted: one that was being built. */
export async function discardVersion(tx: Writer, key: VersionKey): Promise<void> {
  const { tenant_id, version_id } = key
  if (await isSmall(tx, key)) {
    await tx.run(sql`delete from app.posting where tenant_id = ${tenant_id} and version_id = ${version_id}`)
    return deleteChunks(tx, key)
  }
  await hideVersion(tx, key)
  await sendJob(tx, CLEAR_VERSION, { tenantId: tenant_id, versionId: version_id })
}

/** The job: deletes what there is of a hidden version, transaction by transaction. */
export async function clearVersion(
  write: <T>(fn: (tx: Writer) => Promise<T>) => Promise<T>,
  key: VersionKey,
): Promise<void> {
  for (;;) if (await write(tx => clearSome(tx, key))) return
}

/** True when nothing is left, or the version is not hidden: a job that nobody ordered finds nothing to do. */
async function clearSome(tx: Writer, key: VersionKey): Promise<boolean> {
  const { tenant_id, version_id } = key
  // Without a lock: what was discarded is shown by nobody any more.
  const hidden = await tx.first(sql`
    select version_id from app.hidden_version
    where tenant_id = ${tenant_id} and version_id = ${version_id}`)
  if (hidden === undefined) return true
  // The tenant's partition is one table, in which a row's place (ctid) names it.
  const deleted = await tx.run(sql`
    delete from app.posting where tenant_id = ${tenant_id} and ctid = any(array(
      select ctid from app.posting where tenant_id = ${tenant_id} and version_id = ${version_id}
      limit ${POSTINGS_AT_ONCE}))`)
  if (deleted === POSTINGS_AT_ONCE) return false
  await deleteChunks(tx, key)
  return true
}

async function isSmall(tx: Reader, { tenant_id, version_id }: VersionKey): Promise<boolean> {
  const beyond = await tx.first(sql`
    select ordinal from app.chunk
    where tenant_id = ${tenant_id} and version_id = ${version_id} and ordinal >= ${CHUNKS_AT_ONCE} limit 1`)
  return beyond === undefined
}

async function deleteChunks(tx: Writer, { tenant_id, version_id }: VersionKey): Promise<void> {
  // First what orders vectors: one is stored only together with its order's end, so none arrives after this.
  const ofVersion = sql`where tenant_id = ${tenant_id} and version_id = ${version_id}`
  await tx.run(sql`delete from app.pending_embedding ${ofVersion}`)
  await tx.run(sql`select app.delete_vectors(${tenant_id}, ${version_id})`)
  await tx.run(sql`delete from app.chunk ${ofVersion}`)
  await tx.run(sql`delete from app.hidden_version ${ofVersion}`)
}
