// Web pages as Markdown, as a stream: htmlparser2's events, without a tree, so neither size nor nesting costs memory.
// Left out: what is not shown (script, style, hidden elements, comments) and what is not content (nav, footer).
import { Parser } from 'htmlparser2'
import { markdownWriter } from './markdown-writer.ts'
import { type ReadFacts, type Reading, titleOf } from './reading.ts'

const LEFT_OUT = new Set(
  `script style nav footer noscript template svg math iframe object
   audio video canvas select button datalist dialog`.split(/\s+/),
)
const INVISIBLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b/i

export async function readHtml(
  texts: AsyncIterable<string> | Iterable<string>,
  { sink }: Reading,
): Promise<ReadFacts> {
  const writer = markdownWriter()
  let skipped = 0
  let title: string | undefined
  let inTitle = false
  const parser = new Parser({
    onopentag(name, attributes) {
      if (skipped > 0 || LEFT_OUT.has(name) || isHidden(attributes)) skipped++
      else if (name === 'title' && title === undefined) {
        inTitle = true
        title = ''
      } else writer.open(name, attributes)
    },
    ontext(text) {
      if (skipped > 0) return
      if (!inTitle) writer.text(text)
      else if ((title?.length ?? 0) < 1_000) title = `${title ?? ''}${text}`
    },
    onclosetag(name) {
      if (skipped > 0) skipped--
      else if (inTitle && name === 'title') inTitle = false
      else writer.close(name)
    },
  })
  for await (const text of texts) {
    // A page in one line of 50 MB comes in small bites all the same.
    for (let at = 0; at < text.length; at += 65_536) {
      parser.write(text.slice(at, at + 65_536))
      await sink.write(writer.take())
    }
  }
  parser.end()
  await sink.write(writer.end())
  return { title: titleOf(title), pages: null }
}

function isHidden(attributes: Record<string, string>): boolean {
  return (
    attributes['hidden'] !== undefined ||
    attributes['aria-hidden']?.toLowerCase() === 'true' ||
    INVISIBLE.test(attributes['style'] ?? '')
  )
}
