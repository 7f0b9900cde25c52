// Plain text and Markdown: handed on as they are, in constant memory. Line ends become \n.
import type { ReadFacts, Reading } from './reading.ts'

export async function readPlain(texts: AsyncIterable<string>, { sink }: Reading): Promise<ReadFacts> {
  let carried = ''
  for await (const text of texts) {
    const joined = carried + text
    // The \r at a chunk's end may be half of a \r\n.
    carried = joined.endsWith('\r') ? '\r' : ''
    await sink.write(joined.slice(0, joined.length - carried.length).replace(/\r\n?/g, '\n'))
  }
  if (carried !== '') await sink.write('\n')
  return { title: null, pages: null }
}
