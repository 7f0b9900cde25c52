// Splits a byte stream at line feeds, and nowhere else: JSON may hold U+2028, at which node:readline would split too.

const LINE_FEED = 0x0a

/** Each line without its end; undefined for one longer than `maxBytes`, which is skipped. Empty lines are left out. */
export async function* lines(
  input: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = []
  let size = 0
  for await (const chunk of input) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      size += end - start
      if (size > maxBytes) yield undefined
      else if (size > 0) yield Buffer.concat([...parts, chunk.subarray(start, end)])
      parts = []
      size = 0
      start = end + 1
    }
    size += chunk.length - start
    if (size > maxBytes) parts = []
    else parts.push(chunk.subarray(start))
  }
  if (size > maxBytes) yield undefined
  else if (size > 0) yield Buffer.concat(parts)
}
