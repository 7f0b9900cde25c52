// The step that reads a file: its bytes go to a child process, its text comes back in pieces and is stored under the
// version to be. A run that was killed here left text behind: it is written anew.
import { basename, extname } from 'node:path'
import { fault } from '../../../platform/faults.ts'
import { blobFacts, readBlob } from '../../../platform/blobs/blobs.ts'
import { append } from '../../../platform/journal/journal.ts'
import { cleanText } from '../text/clean-text.ts'
import { languageOf } from '../text/language.ts'
import type { VersionContent } from '../versions/publish-version.ts'
import { deleteText, insertText } from '../versions/version-text.ts'
import type { FileInBlob, IngestWork } from './ingest-work.ts'
import { markRunning } from './ingestion.ts'
import { textTaker } from './take-text.ts'

/** A version's content as the journal keeps it; title and language as the file says them. */
export type ParsedContent = Omit<
  VersionContent,
  'contentHash' | 'sourceHash' | 'blobId' | 'pageStarts' | 'warnings'
> & {
  readonly contentHash: string
  readonly sourceHash: string
  readonly pageStarts: number[]
  readonly warnings: string[]
}

export async function parseFile(
  { deps, doors, run, ingestion, signal }: IngestWork,
  { blobId, name, mediaType }: FileInBlob,
): Promise<ParsedContent> {
  const { tenantId, versionId, request } = ingestion
  const key = { tenant_id: tenantId, version_id: versionId }
  const { received: size, sha256 = '' } = await run.write(async tx => {
    const facts = await blobFacts(tx, { tenantId, blobId })
    await markRunning(tx, ingestion)
    await deleteText(tx, key)
    await append(tx, run.key, 'parsing', { name, bytes: facts.received })
    return facts
  })
  const taker = textTaker((startAt, text) => run.write(tx => insertText(tx, key, startAt, text)))
  const bytes = readBlob(doors.read, { tenantId, blobId })
  const source = { name, mediaType, size, bytes }
  const parsed = await deps.parser.parse(source, {
    group: tenantId,
    signal,
    onText: piece => taker.take(piece),
  })
  const { sample, rest, ...text } = taker.end()
  if (sample.trim() === '')
    throw fault('invalid_input', { reason: 'no_text', say: 'The file holds no text that could be read.' })
  const { format, fileType } = parsed
  const title = titleOf([request.title, parsed.title, baseName(name), name])
  const language = request.language ?? languageOf(`${title}\n${sample}`)
  const warnings = [...parsed.warnings, ...text.warnings]
  await run.write(async tx => {
    await insertText(tx, key, rest.startAt, rest.text)
    await append(tx, run.key, 'parsed', {
      characters: text.characters,
      ...(parsed.pages === null ? {} : { pages: parsed.pages }),
      file_type: fileType,
      language,
    })
  })
  return {
    ...text,
    title,
    format,
    fileType,
    language,
    warnings,
    pageStarts: [...text.pageStarts],
    sourceHash: sha256,
  }
}

/** The first that says something. */
function titleOf(candidates: readonly (string | null | undefined)[]): string {
  const titles = candidates.map(title =>
    cleanText(title ?? '')
      .text.replace(/\s+/g, ' ')
      .trim(),
  )
  return (titles.find(title => title !== '') ?? 'Untitled').slice(0, 500).replace(/[\uD800-\uDBFF]$/, '')
}

function baseName(name: string | null): string | null {
  return name === null ? null : basename(name, extname(name))
}
