// Cuts a document into chunks: what a search finds and a citation points at. Pure and stable: the same text always
// gives the same chunks, whole or as a stream, and everything but white space lies in at least one.
import { chunker, type Chunk, type DocumentFormat, type PageMark } from './chunker.ts'

export type { Chunk, DocumentFormat, PageMark }

/** Small pieces are joined and large ones split to this many UTF-16 units: what a stream keeps in memory, about. */
const BLOCK = 65_536

/** The chunks of a whole text, in order; neighbours within a section overlap. */
export function chunk(content: string, format: DocumentFormat, pages: readonly PageMark[] = []): Chunk[] {
  return chunker(format, pages)(content, true)
}

/** The same chunks of a text that comes in pieces, split anywhere, in flat memory. Offsets are of the whole text. */
export async function* chunkStream(
  pieces: AsyncIterable<string> | Iterable<string>,
  format: DocumentFormat,
  pages: readonly PageMark[] = [],
): AsyncGenerator<Chunk> {
  const take = chunker(format, pages)
  let waiting = ''
  for await (const piece of pieces) {
    waiting += piece
    while (waiting.length >= BLOCK) {
      const block = waiting.slice(0, BLOCK)
      waiting = waiting.slice(BLOCK)
      yield* take(block, false)
    }
  }
  yield* take(waiting, true)
}
