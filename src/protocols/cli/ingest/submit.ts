// Brings one source to the server: small files in one call, larger ones as a blob in pieces, so that a file of any
// size needs the memory of two pieces. A piece whose answer was lost is sent again.
import { createReadStream } from 'node:fs'
import { asFault, fault } from '../../../platform/faults.ts'
import type { TenantCaller } from '../acting-in.ts'
import { patiently, type Patience } from './patiently.ts'
import { pieces, type Piece } from './sources/pieces.ts'
import type { DocumentSettings } from './settings.ts'
import type { Source } from './sources/source.ts'

/** What `add_document` answers. */
export interface Submitted {
  readonly status: 'added' | 'updated' | 'unchanged' | 'accepted'
  readonly ingestion_id?: string
  readonly document_id?: string
  readonly version?: number
  readonly chunks?: number
  readonly warnings?: readonly unknown[]
}

export interface SubmitDeps {
  readonly caller: Pick<TenantCaller, 'run'>
  readonly settings: DocumentSettings
  readonly standardInput: () => AsyncIterable<Buffer>
  readonly signal: AbortSignal
  readonly patience?: Patience
  /** Bytes of this source that the server has. */
  readonly onSent: (bytes: number) => void
}

/** Throws the server's refusal, or `invalid_input` with the reason `unreadable` or `empty`. */
export async function submit(source: Source, deps: SubmitDeps): Promise<Submitted> {
  const fields = { name: source.name, external_id: source.externalId, ...deps.settings }
  const content = source.kind === 'url' ? { url: source.label } : await bytesOf(source, deps)
  return (await asked(deps, 'add_document', { ...fields, ...content })) as unknown as Submitted
}

type Content = { readonly data: string } | { readonly blob_id: string }

async function bytesOf(source: Source, deps: SubmitDeps): Promise<Content> {
  if (source.unreadable !== undefined) throw cannotRead(source, source.unreadable)
  try {
    return await sent(source, deps)
  } catch (error) {
    // The server swept or closed the blob while it was away: what can be read twice is sent once more.
    const { code } = asFault(error)
    if (source.kind === 'stdin' || (code !== 'conflict' && code !== 'not_found')) throw error
    return sent(source, deps)
  }
}

async function sent(source: Source, deps: SubmitDeps): Promise<Content> {
  let blobId: string | undefined
  for await (const piece of read(source, deps)) {
    if (deps.signal.aborted) throw fault('cancelled')
    const { offset, bytes, isLast } = piece
    if (isLast && offset === 0) return onlyPiece(source, bytes, deps)
    const answer = await asked(deps, 'upload_blob', {
      ...(blobId === undefined ? {} : { blob_id: blobId }),
      offset,
      data: bytes.toString('base64'),
      is_last: isLast,
    })
    blobId = String(answer['blob_id'])
    deps.onSent(offset + bytes.length)
  }
  if (blobId === undefined) throw new Error('a stream has at least one piece')
  return { blob_id: blobId }
}

function onlyPiece(source: Source, bytes: Buffer, { onSent }: SubmitDeps): Content {
  if (bytes.length === 0) {
    throw fault('invalid_input', { reason: 'empty', say: `${source.name} is empty.` })
  }
  onSent(bytes.length)
  return { data: bytes.toString('base64') }
}

async function* read(source: Source, { standardInput }: SubmitDeps): AsyncGenerator<Piece> {
  const input = source.kind === 'stdin' ? standardInput() : createReadStream(source.label)
  try {
    yield* pieces(input as AsyncIterable<Buffer>)
  } catch (error) {
    throw cannotRead(source, (error as NodeJS.ErrnoException).code ?? String(error))
  }
}

function asked(
  { caller, patience, signal }: SubmitDeps,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  // The call itself runs to its end on Ctrl-C: then it is known whether the file was accepted.
  return patiently(() => caller.run(operation, input), { signal, ...patience })
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ENOENT: 'it is gone',
  EISDIR: 'it is a folder',
}

function cannotRead({ label }: Source, code: string) {
  return fault('invalid_input', { reason: 'unreadable', say: `Cannot read ${label}: ${WHY[code] ?? code}.` })
}
