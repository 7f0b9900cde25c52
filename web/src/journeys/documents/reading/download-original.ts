// The file a version was read from, back as it was brought: piece by piece, and only if its hash is the one the server
// names.
import { call } from '../../../api/call.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { bytesOf } from '../bring/send/base64.ts'
import { patiently } from '../bring/send/patiently.ts'
import { sha256 } from '../bring/send/sha256.ts'

export interface Original {
  readonly documentId: string
  readonly version: number
  /** What it is saved as. */
  readonly name: string
}

export interface Downloading {
  readonly signal: AbortSignal
  /** 0 to 1. */
  readonly onPart: (part: number) => void
}

/** Throws ApiProblem, or the signal's reason. */
export async function downloadOriginal(original: Original, { signal, onPart }: Downloading): Promise<void> {
  const { documentId: document_id, version, name } = original
  const pieces: BlobPart[] = []
  const hash = sha256()
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const from: number = offset
    const piece = await patiently(
      () => call('read_original', { document_id, version, offset: from }, signal),
      signal,
    )
    const bytes = bytesOf(piece.data)
    hash.update(bytes)
    pieces.push(bytes)
    offset = piece.next_offset
    onPart(piece.size === 0 ? 1 : (from + bytes.length) / piece.size)
    if (offset === undefined && hash.hex() !== piece.sha256) {
      throw new ApiProblem('The file arrived otherwise than it is kept. Try it again.', {
        code: 'conflict',
        reason: 'wrong_hash',
      })
    }
  }
  save(new Blob(pieces, { type: 'application/octet-stream' }), name)
}

/** Never shown by the browser: it is somebody's file. */
function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
