// What a document that is updated by a file keeps although the file says otherwise: title and language, unless they were
// asked for. Both are part of what is indexed.
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import type { Language } from '../text/language.ts'
import type { Ingestion } from './ingestion.ts'

export interface Kept {
  readonly title?: string
  readonly language?: Language
}

/** Empty for a file that names no known document. */
export async function keptByDocument(
  tx: Reader,
  { tenantId, documentId, request }: Ingestion,
): Promise<Kept> {
  if (documentId === null) return {}
  const row = await tx.first(sql<{ title: string; language: Language }>`
    select title, language from app.document where tenant_id = ${tenantId} and id = ${documentId}`)
  if (row === undefined) return {}
  return {
    ...(request.title === undefined ? { title: row.title } : {}),
    ...(request.language === undefined ? { language: row.language } : {}),
  }
}

/** Throws what the queue tries again when the document was given another title or language meanwhile. */
export function refuseChanged(before: Kept, now: Kept): void {
  if (before.title !== now.title || before.language !== now.language) throw documentChanged()
}

/** What was compared or cut no longer holds: the next attempt does it anew. */
export function documentChanged() {
  return fault('unavailable', {
    reason: 'document_changed',
    say: 'The document changed while the file was on its way; it is tried again.',
  })
}
