// The documents of an export: of each its description, who may read it, the text of every version and the files that
// were uploaded. One that is deleted while the export runs is left out, and named.
import { asFault } from '../../../platform/faults.ts'
import { allOf, idIn, type Exporting, type Item } from './exporting.ts'

export interface ExportedDocuments {
  readonly documents: number
  readonly versions: number
  readonly originals: number
  /** Deleted meanwhile. */
  readonly vanished: readonly string[]
}

const EVERY = 100

export async function exportDocuments(exporting: Exporting): Promise<ExportedDocuments> {
  const counts = { documents: 0, versions: 0, originals: 0 }
  const vanished: string[] = []
  const listing = { operation: 'list_documents', items: 'documents', input: { limit: 100 } }
  for await (const document of allOf(exporting, {
    ...listing,
    next: { from: 'next_cursor', to: 'cursor' },
  })) {
    const id = idIn(document, 'document_id')
    try {
      const { versions, originals } = await exportDocument(exporting, id, document)
      counts.versions += versions
      counts.originals += originals
      counts.documents++
    } catch (error) {
      if (asFault(error).code !== 'not_found') throw error
      vanished.push(id)
    }
    if (counts.documents % EVERY === 0) exporting.progress(`${counts.documents} documents`)
  }
  return { ...counts, vanished }
}

/** `document.json` comes last: a folder without one is of a document that vanished half-way. */
async function exportDocument(exporting: Exporting, id: string, document: Item) {
  const { caller, folder, signal } = exporting
  const versions: Item[] = []
  let originals = 0
  const listing = { operation: 'list_versions', items: 'versions', input: { document_id: id } }
  for await (const version of allOf(exporting, { ...listing, next: { from: 'next', to: 'before' } })) {
    const number = Number(version['version'])
    const text = `documents/${id}/${number}.${version['format'] === 'markdown' ? 'md' : 'txt'}`
    const page_starts = await exportText(exporting, { id, number, path: text })
    const hasOriginal = version['original'] !== undefined
    const original = `documents/${id}/${number}.original`
    if (hasOriginal) {
      await exportOriginal(exporting, { id, number, path: original })
      originals++
    }
    versions.push({
      ...version,
      text,
      ...(page_starts === undefined ? {} : { page_starts }),
      ...(hasOriginal ? { file: original } : {}),
    })
  }
  const { access } = await caller.run('get_document_access', { document: id }, signal)
  const file = await folder.create(`documents/${id}/document.json`)
  await file.write(`${JSON.stringify({ ...document, access, versions }, null, 2)}\n`)
  await file.close()
  return { versions: versions.length, originals }
}

interface Part {
  readonly id: string
  readonly number: number
  readonly path: string
}

/** As UTF-8. Answers where its pages begin, in UTF-16 code units, where it has pages. */
async function exportText(
  { caller, folder, signal }: Exporting,
  { id, number, path }: Part,
): Promise<unknown> {
  const file = await folder.create(path)
  try {
    for (let start: unknown = 0; ; ) {
      const answer = await caller.run(
        'retrieve_document',
        { document_id: id, version: number, start },
        signal,
      )
      await file.write(String(answer['content']))
      start = answer['next_start']
      if (start === undefined) return answer['page_starts']
    }
  } finally {
    await file.close()
  }
}

async function exportOriginal(
  { caller, folder, signal }: Exporting,
  { id, number, path }: Part,
): Promise<void> {
  const file = await folder.create(path)
  try {
    for (let offset: unknown = 0; offset !== undefined; ) {
      const answer = await caller.run('read_original', { document_id: id, version: number, offset }, signal)
      await file.write(Buffer.from(String(answer['data']), 'base64'))
      offset = answer['next_offset']
    }
  } finally {
    await file.close()
  }
}
