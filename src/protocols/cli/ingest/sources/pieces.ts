// Cuts a byte stream into pieces of one size, whatever the sizes it arrives in; holds one piece and a chunk at a time.

/** 1 MiB: the most that add_document and upload_blob take in one call. */
const PIECE_BYTES = 1_048_576

export interface Piece {
  readonly offset: number
  readonly bytes: Buffer
  readonly isLast: boolean
}

/** At least one piece, empty when there are no bytes; all but the last have exactly `size` bytes. */
export async function* pieces(input: AsyncIterable<Buffer>, size = PIECE_BYTES): AsyncGenerator<Piece> {
  let held: Buffer[] = []
  let length = 0
  let offset = 0
  for await (const chunk of input) {
    held.push(chunk)
    length += chunk.length
    // Only more than a piece shows that the piece is not the last one.
    while (length > size) {
      const all = Buffer.concat(held)
      yield { offset, bytes: all.subarray(0, size), isLast: false }
      offset += size
      held = [all.subarray(size)]
      length -= size
    }
  }
  yield { offset, bytes: Buffer.concat(held), isLast: true }
}
