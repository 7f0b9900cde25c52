// Hands one source over: a file piece by piece, hashed on both sides, a text or a web address at once.
import { call, type Input, type Output } from '../../../../api/call.ts'
import { ApiProblem } from '../../../../api/problem.ts'
import { base64Of } from './base64.ts'
import type { BroughtFile } from '../brought-file.ts'
import { patiently } from './patiently.ts'
import { sha256 } from './sha256.ts'

/** What one call of upload_blob takes. */
const PIECE_BYTES = 1_048_576

export interface Sending {
  readonly signal: AbortSignal
  readonly onSent: (bytes: number) => void
  /** All bytes are there. */
  readonly onAdding: () => void
}

/** What adding and updating take alike. */
type Content = Omit<Input<'update_document'>, 'document_id'>

/** Throws ApiProblem, or the signal's reason. */
export async function sendSource(brought: BroughtFile, sending: Sending): Promise<Output<'add_document'>> {
  const { settings, source, name } = brought
  const { labels, collection, access } = settings
  const content = await contentOf(brought, sending)
  sending.onAdding()
  const input: Content = {
    ...content,
    ...(labels.length === 0 ? {} : { labels }),
    ...(collection === undefined ? {} : { collection }),
    ...(access === undefined ? {} : { access }),
  }
  const { documentId, isNextVersion } = settings
  const { signal } = sending
  if (documentId !== undefined)
    return patiently(() => call('update_document', { document_id: documentId, ...input }, signal), signal)
  // The same key as a folder gets that is brought by command: either goes on with what the other began.
  const key = isNextVersion && source.kind === 'file' ? { external_id: `file:${name}`.slice(0, 500) } : {}
  return patiently(() => call('add_document', { ...input, ...key }, signal), signal)
}

async function contentOf({ source }: BroughtFile, sending: Sending): Promise<Content> {
  if (source.kind === 'url') return { url: source.url }
  if (source.kind === 'text') return { title: source.title, content: source.content, format: 'markdown' }
  if (source.kind === 'sent')
    throw new ApiProblem('Choose the file again: this page does not hold it any more.')
  const blob_id = await uploaded(source.file, sending)
  return { blob_id, name: source.file.name.slice(-255) }
}

async function uploaded(file: File, { signal, onSent }: Sending): Promise<string> {
  if (file.size === 0) throw new ApiProblem('The file is empty.', { code: 'invalid_input', reason: 'empty' })
  const hash = sha256()
  let blob: string | undefined
  for (let offset = 0; ; ) {
    const bytes = await read(file, offset)
    hash.update(bytes)
    const is_last = offset + bytes.length >= file.size
    const input = { ...(blob === undefined ? {} : { blob_id: blob }), offset, data: base64Of(bytes), is_last }
    const answer = await patiently(() => call('upload_blob', input, signal), signal)
    blob = answer.blob_id
    offset += bytes.length
    onSent(offset)
    if (!is_last) continue
    if (answer.sha256 === hash.hex()) return blob
    throw new ApiProblem('The file arrived otherwise than it was sent. Try it again.', {
      code: 'conflict',
      reason: 'wrong_hash',
    })
  }
}

async function read(file: File, offset: number): Promise<Uint8Array> {
  const piece = file.slice(offset, offset + PIECE_BYTES)
  try {
    const bytes = new Uint8Array(await piece.arrayBuffer())
    if (bytes.length > 0) return bytes
  } catch {
    // Said below: the browser's own words name no reason.
  }
  throw new ApiProblem('The browser cannot read the file: it is gone, or it has changed. Choose it again.', {
    code: 'invalid_input',
    reason: 'unreadable',
  })
}
