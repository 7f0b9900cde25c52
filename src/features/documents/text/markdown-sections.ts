// The sections of a Markdown text by its headings (CommonMark 4.2 and 4.3), each with the path of headings above
// it. Reads a stream and holds back no more than a run of headings and one short paragraph.
import { lineReader } from './lines.ts'
import { blockOf, closesFence, underlineLevel, type Line } from './markdown-block.ts'

export interface Section {
  /** UTF-16 offset into the whole text. */
  readonly start: number
  /** 'A > B', outermost first; '' for none. At most six headings of 120 characters. */
  readonly heading: string
}

export interface Outline {
  /** The sections that became certain, in order. A heading line opens its section. */
  readonly opened: readonly Section[]
  /** Every section that begins before this offset has been given. */
  readonly settled: number
}

/** One heading in a path is clipped here: a path is a label, the chunk itself holds the whole line. */
const MAX_HEADING = 120
/** A paragraph longer than this is no heading, whatever is drawn under it. */
const MAX_UNDERLINED = 400
/** Headings with nothing between them open one section together, up to here: a stream cannot wait for ever. */
const MAX_RUN = 2_000

/** Give the pieces of a text in order; `last` says that the text ends with this one. */
export function markdownSections(): { read(piece: string, last: boolean): Outline } {
  const lines = lineReader()
  const path = headingPath()
  let inside: { fence: string } | 'front matter' | undefined
  /** What the next line would underline; 'other' is a paragraph that cannot be a heading. */
  let paragraph: { readonly start: number; readonly text: string } | 'other' | undefined

  function take(line: Line) {
    if (inside !== undefined) {
      const closed = inside === 'front matter' ? closesFrontMatter(line) : closesFence(line, inside.fence)
      if (closed) inside = undefined
      return
    }
    if (line.start === 0 && line.text.trimEnd() === '---') {
      inside = 'front matter'
      path.body()
      return
    }
    if (typeof paragraph === 'object') {
      const level = underlineLevel(line)
      if (level !== undefined) {
        path.heading(paragraph.start, level, paragraph.text)
        paragraph = undefined
        return
      }
    } else path.waited(line.start)
    takeBlock(line)
  }

  function takeBlock(line: Line) {
    const block = blockOf(line)
    if (block.kind === 'text' && paragraph !== 'other') {
      const { start, text } = paragraph ?? { start: line.start, text: '' }
      const longer = `${text} ${line.text}`
      paragraph = longer.length <= MAX_UNDERLINED ? { start, text: longer } : 'other'
    } else {
      if (typeof paragraph === 'object') path.body()
      paragraph = block.kind === 'text' || block.kind === 'other' ? 'other' : undefined
    }
    if (block.kind === 'heading') path.heading(line.start, block.level, block.title)
    if (block.kind === 'fence') inside = block
    if (paragraph === 'other' || block.kind === 'fence' || block.kind === 'rule') path.body()
  }

  return {
    read(piece, last) {
      for (const line of lines.read(piece, last)) take(line)
      if (last) path.body()
      return path.outline(typeof paragraph === 'object' && !last ? paragraph.start : lines.settled())
    },
  }
}

/** YAML between lines of dashes at the begin of a text, whose last line would else be a heading. */
function closesFrontMatter({ text }: Line): boolean {
  return ['', '---', '...'].includes(text.trimEnd())
}

function headingPath() {
  const titles = ['', '', '', '', '', '']
  let opened: Section[] = []
  let start = 0
  let hasBody = false

  function body() {
    if (!hasBody) opened.push({ start, heading: titles.filter(title => title !== '').join(' > ') })
    hasBody = true
  }
  return {
    body,
    heading(at: number, level: number, title: string) {
      if (hasBody) start = at
      hasBody = false
      titles.fill('', level - 1)
      titles[level - 1] = clip(title.replace(/\s+/g, ' ').trim())
    },
    waited(at: number) {
      if (at - start >= MAX_RUN) body()
    },
    /** What was opened since the last call. `known`: the lines before this offset have been taken. */
    outline(known: number): Outline {
      const outline = { opened, settled: hasBody ? known : start }
      opened = []
      return outline
    },
  }
}

function clip(title: string): string {
  if (title.length <= MAX_HEADING) return title
  return `${title.slice(0, MAX_HEADING - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
