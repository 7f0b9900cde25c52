// The sections of a Markdown text by its ATX headings (CommonMark 4.2), each with the path of headings above it.

export interface Section {
  readonly start: number
  readonly end: number
  readonly heading: string
}

/** One heading in a path is cut here: a path is a label, the chunk itself holds the whole line. */
const MAX_HEADING = 120

/**
 * Sections in order, covering the whole text. A heading line opens its section; headings with nothing between
 * them open one section together, since a heading alone says nothing.
 */
export function sections(content: string): Section[] {
  const found: Section[] = []
  const path: string[] = []
  let start = 0
  let heading = ''
  let hasBody = false
  for (const line of markdownLines(content)) {
    if (line.heading === undefined) {
      hasBody ||= line.text.trim() !== ''
      continue
    }
    if (hasBody) {
      found.push({ start, end: line.start, heading })
      start = line.start
      hasBody = false
    }
    path.length = Math.min(path.length, line.heading.level - 1)
    path[line.heading.level - 1] = line.heading.title
    heading = path.filter(title => title !== undefined && title !== '').join(' > ')
  }
  found.push({ start, end: content.length, heading })
  return found
}

interface Line {
  readonly start: number
  readonly text: string
  readonly heading?: { readonly level: number; readonly title: string } | undefined
}

/** Lines with their offsets; what stands inside a fenced code block is no heading. */
function* markdownLines(content: string): Generator<Line> {
  let fence: string | undefined
  for (const { 0: text, index: start } of content.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1]
    if (fence === undefined && marker !== undefined) fence = marker
    else if (fence !== undefined && marker?.startsWith(fence)) fence = undefined
    else if (fence === undefined) {
      yield { start, text, heading: headingOf(text) }
      continue
    }
    yield { start, text }
  }
}

function headingOf(line: string): Line['heading'] {
  const match = /^ {0,3}(#{1,6})(?:[ \t]([^\n]*))?$/.exec(line.trimEnd())
  if (match === null) return undefined
  const title = (match[2] ?? '')
    .trim()
    .replace(/(^|[ \t])#+$/, '')
    .trim()
  return { level: match[1]?.length ?? 1, title: clip(title) }
}

function clip(title: string): string {
  return title.length <= MAX_HEADING
    ? title
    : `${title.slice(0, MAX_HEADING - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
