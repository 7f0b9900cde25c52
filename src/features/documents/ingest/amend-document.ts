// Changes what is said about a document while its text stays. A new title or language is part of what is indexed:
// then the stored text is cut anew and becomes the next version.
import type { WriteCall } from '../../../gate/call.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { fault } from '../../../platform/faults.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { fieldsOf, unfitFields } from '../fields/document-fields.ts'
import { documentNotFound } from '../fields/document-id.ts'
import type { GivenSource } from '../fields/document-source.ts'
import { chunk } from '../text/chunk.ts'
import { cleanText } from '../text/clean-text.ts'
import { publishVersion, type VersionContent } from '../versions/publish-version.ts'
import { stagePrepared } from '../versions/prepare-document.ts'
import { textRange } from '../versions/version-text.ts'
import { taken, type Taken, type TakeDeps } from './take-document.ts'

/** The longest text that is cut anew while the caller waits. */
const MAX_CHARACTERS = 2_000_000

type CurrentContent = VersionContent & { readonly versionId: string }

export async function amendDocument(
  deps: TakeDeps,
  call: WriteCall,
  given: GivenSource,
  documentId: string,
): Promise<Taken> {
  const issues = unfitFields(given)
  const title = given.title === undefined ? undefined : cleanText(given.title).text.trim()
  if (title === '') issues.push({ field: 'title', message: 'title must not be blank' })
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
  const { tenantId } = call.principal
  const versionId = uuidv7()
  const current = await call.read(tx => currentContent(tx, tenantId, documentId))
  const content = { ...current, title: title ?? current.title, language: given.language ?? current.language }
  const isCutAnew = content.title !== current.title || content.language !== current.language
  if (isCutAnew && current.characters > MAX_CHARACTERS) throw tooLong()
  const text = isCutAnew ? await call.read(tx => wholeText(tx, tenantId, current)) : ''
  const pages = content.pageStarts.map((at, index) => ({ at, page: index + 1 }))
  const stage = stagePrepared({ text, content, chunks: chunk(text, content.format, pages), embed: true })
  const published = await call.write(async tx => {
    const fields = { ...fieldsOf(given), ...(given.name === undefined ? {} : { name: given.name }) }
    const done = await publishVersion(tx, tenantId, {
      versionId,
      target: { documentId },
      fields,
      content,
      stage,
    })
    await deps.orderVectors(tx, tenantId)
    return done
  })
  return { ...taken(published), cleaned: false, warnings: [] }
}

async function currentContent(tx: Reader, tenantId: string, documentId: string): Promise<CurrentContent> {
  const row = await tx.first(sql<CurrentContent>`
    select v.id as "versionId", v.title, v.format, d.file_type as "fileType", d.language,
      v.content_hash as "contentHash", v.characters, v.page_starts as "pageStarts", v.warnings,
      v.blob_id as "blobId", v.source_hash as "sourceHash"
    from app.document d
    join app.document_version v on v.tenant_id = d.tenant_id and v.id = d.current_version_id
    where d.tenant_id = ${tenantId} and d.id = ${documentId}`)
  if (row === undefined) throw documentNotFound()
  return row
}

function wholeText(tx: Reader, tenantId: string, { versionId, characters }: CurrentContent): Promise<string> {
  return textRange(tx, { tenant_id: tenantId, version_id: versionId }, 0, characters)
}

function tooLong() {
  return fault('invalid_input', {
    reason: 'too_long_to_amend',
    say: `A document of more than ${MAX_CHARACTERS} characters takes a new title or language with its file: add it again with blob_id.`,
  })
}
