// What the policies of documents, and of what is made of them, say beside the tenant: which rows access lists hide from
// the caller. As Postgres writes it down.

/** Tables that hold documents, or what is made of them, and the key that tells which are closed to the caller. */
const DOCUMENT_TABLES: readonly (readonly [RegExp, string])[] = [
  [/^app\.document$/, 'id'],
  [/^app\.document_(version|field)$/, 'document_id'],
  [/^app\.(version_text|chunk|posting|vector_\d+)$/, 'version_id'],
]

/** Those of them that searches read, and the column that names the version. */
const SEARCHED_TABLES: readonly (readonly [RegExp, string])[] = [
  [/^app\.document$/, 'current_version_id'],
  [/^app\.(chunk|posting|vector_\d+)$/, 'version_id'],
]

/** What follows AND in the policy of that table; undefined where access lists hide nothing. */
export function readableOf(table: string): string | undefined {
  const key = DOCUMENT_TABLES.find(([pattern]) => pattern.test(table))?.[1]
  if (key === undefined) return undefined
  const closed = key === 'version_id' ? 'closed_versions' : 'closed_documents'
  const isOpen = `(NOT (${key} IN ( SELECT app.${closed}() AS ${closed})))`
  const version = SEARCHED_TABLES.find(([pattern]) => pattern.test(table))?.[1]
  return version === undefined ? ` ${isOpen}` : fewOr(version, isOpen)
}

/** Of whoever may read few documents the readable ones are named. The line breaks are Postgres' own. */
function fewOr(version: string, isOpen: string): string {
  return `
CASE
    WHEN ( SELECT app.reads_few() AS reads_few) THEN (${version} IN ( SELECT app.readable_versions() AS readable_versions))
    ELSE ${isOpen}
END`
}
