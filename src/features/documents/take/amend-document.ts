// Changes what is said about a document while its text stays. A new title or language is part of what is indexed:
// then the stored text is cut anew and becomes the next version.
import type { WriteCall } from '../../../gate/call.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Reader } from '../../../platform/db/database.ts'
import { fault } from '../../../platform/faults.ts'
import { storableText } from '../../../platform/storable-text.ts'
import { uuidv7 } from '../../../platform/uuid-v7.ts'
import { giveAccess, givenAccess } from '../access/give-access.ts'
import { fieldsOf, unfitFields } from '../fields/document-fields.ts'
import { documentNotFound } from '../fields/document-id.ts'
import type { GivenSource } from '../fields/document-source.ts'
import { chunk } from '../text/chunk.ts'
import { cleanText } from '../text/clean-text.ts'
import { lockDocument, publishVersion, type VersionContent } from '../versions/publish-version.ts'
import { MAX_CHUNKS, stagePrepared, type PreparedDocument } from '../versions/prepare-document.ts'
import { textRange } from '../versions/version-text.ts'
import { taken, type Taken, type TakeDeps } from './take-document.ts'

/** The longest text that is cut anew while the caller waits. */
const MAX_CHARACTERS = 1_048_576

type CurrentContent = VersionContent & { readonly versionId: string; readonly broughtAs: string }

export async function amendDocument(
  deps: TakeDeps,
  call: WriteCall,
  given: GivenSource,
  documentId: string,
): Promise<Taken> {
  const issues = unfitFields(given)
  const title = given.title === undefined ? undefined : cleanText(given.title).text.trim()
  if (given.name !== undefined && storableText(given.name).cleaned)
    issues.push({ field: 'name', message: 'name must be well-formed text without NUL' })
  if (title === '') issues.push({ field: 'title', message: 'title must not be blank' })
  if (issues.length > 0)
    throw fault('invalid_input', { issues, say: issues.map(({ message }) => message).join('; ') })
  const { tenantId } = call.principal
  const published = await call.write(async tx => {
    const target = { documentId }
    await lockDocument(tx, tenantId, target)
    const current = await currentContent(tx, tenantId, documentId)
    const content = {
      ...current,
      title: title ?? current.title,
      language: given.language ?? current.language,
    }
    const isCutAnew = content.title !== current.title || content.language !== current.language
    const access = await givenAccess(tx, call.principal, given)
    const done = await publishVersion(tx, tenantId, {
      versionId: uuidv7(),
      broughtAs: current.broughtAs,
      target,
      fields: { ...fieldsOf(given), ...(given.name === undefined ? {} : { name: given.name }) },
      content,
      ...(isCutAnew ? { stage: stagePrepared(await cutAnew(tx, tenantId, current, content)) } : {}),
    })
    await deps.orderVectors(tx, tenantId)
    return giveAccess(tx, tenantId, done, access)
  })
  return { ...taken(published), cleaned: false, warnings: [] }
}

/** Under the document's lock, so that it is the current text. */
async function currentContent(tx: Reader, tenantId: string, documentId: string): Promise<CurrentContent> {
  const row = await tx.first(sql<CurrentContent>`
    select v.id as "versionId", v.brought_as as "broughtAs", v.title, v.format, d.file_type as "fileType", d.language,
      v.content_hash as "contentHash", v.characters, v.page_starts as "pageStarts", v.warnings,
      v.blob_id as "blobId", v.source_hash as "sourceHash"
    from app.document d
    join app.document_version v on v.tenant_id = d.tenant_id and v.id = d.current_version_id
    where d.tenant_id = ${tenantId} and d.id = ${documentId}`)
  if (row === undefined) throw documentNotFound()
  return row
}

async function cutAnew(
  tx: Reader,
  tenantId: string,
  { versionId, characters, pageStarts }: CurrentContent,
  content: VersionContent,
): Promise<PreparedDocument> {
  if (characters > MAX_CHARACTERS) throw tooLong()
  const text = await textRange(tx, { tenant_id: tenantId, version_id: versionId }, 0, characters)
  const pages = pageStarts.map((at, index) => ({ at, page: index + 1 }))
  const chunks = chunk(text, content.format, pages)
  if (chunks.length > MAX_CHUNKS) throw tooLong()
  return { text, content, chunks, embed: true }
}

function tooLong() {
  return fault('invalid_input', {
    reason: 'too_long_to_amend',
    say: `A document of more than ${MAX_CHARACTERS} characters or ${MAX_CHUNKS} passages takes a new title or language with its file: add it again with blob_id.`,
  })
}
