// Markdown from open, text and close events. Headings, lists, tables, quotes and code keep their form; emphasis and the
// targets of links do not, they would stand between the words that are searched.

export interface MarkdownWriter {
  open(name: string, attributes: Record<string, string>): void
  text(text: string): void
  close(name: string): void
  /** What was written since the last call. */
  take(): string
  end(): string
}

const HEADING = /^h([1-6])$/
const BLOCKS = new Set(
  `p div section article main header aside figure figcaption address form fieldset
   dl dt dd details summary caption body html hr`.split(/\s+/),
)
/** Deeper lists and quotes are drawn at this depth. */
const MAX_INDENT = 8

interface State {
  out: string
  /** Line ends owed before the next word: none at the very start. */
  breaks: 0 | 1 | 2
  started: boolean
  space: boolean
  atLineStart: boolean
  /** Written before the first word of the next line: "## ", "- ". */
  marker: string
  lists: { ordered: boolean; items: number }[]
  quotes: number
  pre: number
  /** Cells of the row that is being read; rows of one table share the count. Nested tables are flattened. */
  tables: { rows: number; cells: string[] | undefined; cell: string | undefined }[]
}

export function markdownWriter(): MarkdownWriter {
  const state: State = {
    out: '',
    breaks: 0,
    started: false,
    space: false,
    atLineStart: true,
    marker: '',
    lists: [],
    quotes: 0,
    pre: 0,
    tables: [],
  }
  const take = () => {
    const { out } = state
    state.out = ''
    return out
  }
  return {
    open: (name, attributes) => open(state, name, attributes),
    text: text => (state.pre > 0 ? writePre(state, text) : writeText(state, text)),
    close: name => close(state, name),
    take,
    end: () => take() + (state.started ? '\n' : ''),
  }
}

function open(state: State, name: string, attributes: Record<string, string>): void {
  const level = HEADING.exec(name)?.[1]
  if (level !== undefined) {
    owe(state, 2)
    state.marker = `${'#'.repeat(Number(level))} `
  } else if (name === 'ul' || name === 'ol') {
    owe(state, state.lists.length > 0 ? 1 : 2)
    state.lists.push({ ordered: name === 'ol', items: 0 })
  } else if (name === 'li') openItem(state)
  else if (name === 'blockquote') {
    owe(state, 2)
    state.quotes++
  } else if (name === 'pre') openPre(state)
  else if (name === 'br') owe(state, 1)
  else if (name === 'img') writeText(state, attributes['alt'] ?? '')
  else if (!openTablePart(state, name) && BLOCKS.has(name)) owe(state, 2)
}

function close(state: State, name: string): void {
  if (HEADING.test(name)) {
    state.marker = ''
    owe(state, 2)
  } else if (name === 'ul' || name === 'ol') {
    state.lists.pop()
    owe(state, state.lists.length > 0 ? 1 : 2)
  } else if (name === 'li') {
    state.marker = ''
    owe(state, 1)
  } else if (name === 'blockquote') {
    owe(state, 2)
    state.quotes = Math.max(0, state.quotes - 1)
  } else if (name === 'pre') closePre(state)
  else if (!closeTablePart(state, name) && BLOCKS.has(name)) owe(state, 2)
}

function openItem(state: State): void {
  owe(state, 1)
  const list = state.lists.at(-1) ?? { ordered: false, items: 0 }
  list.items++
  const indent = '  '.repeat(Math.min(MAX_INDENT, Math.max(0, state.lists.length - 1)))
  state.marker = `${indent}${list.ordered ? `${list.items}.` : '-'} `
}

function openPre(state: State): void {
  owe(state, 2)
  if (cellOf(state) === undefined) raw(state, '```\n')
  state.pre++
}

function closePre(state: State): void {
  if (state.pre === 0) return
  state.pre--
  if (cellOf(state) === undefined) raw(state, state.out.endsWith('\n') ? '```' : '\n```')
  owe(state, 2)
}

function openTablePart(state: State, name: string): boolean {
  if (name === 'table') {
    owe(state, 2)
    state.tables.push({ rows: 0, cells: undefined, cell: undefined })
    return true
  }
  // Of nested tables the outermost draws the lines; inner cells are words of the outer one.
  const table = state.tables.length === 1 ? state.tables[0] : undefined
  if (table === undefined) {
    if (name === 'td' || name === 'th' || name === 'tr') writeText(state, ' ')
    return false
  }
  if (name === 'tr') table.cells = []
  if (name === 'td' || name === 'th') table.cell = ''
  return name === 'tr' || name === 'td' || name === 'th'
}

function closeTablePart(state: State, name: string): boolean {
  const table = state.tables.length === 1 ? state.tables[0] : undefined
  if (name === 'table') {
    if (table?.cells !== undefined) closeRow(state, table)
    state.tables.pop()
    owe(state, 2)
    return true
  }
  if (table === undefined) return false
  if ((name === 'td' || name === 'th') && table.cell !== undefined) {
    table.cells?.push(table.cell.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|'))
    table.cell = undefined
    return true
  }
  if (name === 'tr') closeRow(state, table)
  return name === 'tr'
}

function closeRow(state: State, table: State['tables'][number]): void {
  const cells = table.cells ?? []
  table.cells = undefined
  table.cell = undefined
  if (cells.every(cell => cell === '')) return
  owe(state, 1)
  raw(state, `| ${cells.join(' | ')} |`)
  if (table.rows++ === 0) raw(state, `\n| ${cells.map(() => '---').join(' | ')} |`)
  owe(state, 1)
}

function writeText(state: State, text: string): void {
  const table = state.tables[0]
  if (table?.cell !== undefined) {
    table.cell += text
    return
  }
  const words = text.replace(/[\s\u00A0]+/g, ' ')
  if (words === ' ' || words === '') {
    state.space ||= words === ' '
    return
  }
  if (words.startsWith(' ')) state.space = true
  const body = words.trim()
  settle(state)
  if (state.space && !state.atLineStart) state.out += ' '
  // A paragraph that begins like a heading is none.
  state.out += state.atLineStart && /^#{1,6} /.test(body) ? `\\${body}` : body
  state.atLineStart = false
  state.space = words.endsWith(' ')
}

/** White space is kept; a fence inside is indented, so that it does not end the block. */
function writePre(state: State, text: string): void {
  const table = state.tables[0]
  if (table?.cell !== undefined) table.cell += text
  else raw(state, text.replace(/^```/gm, ' ```'))
}

function raw(state: State, text: string): void {
  settle(state)
  state.out += text
  state.atLineStart = false
}

/** Pays the owed line ends and the line's marker. */
function settle(state: State): void {
  if (state.started && state.breaks > 0) {
    state.out += '\n'.repeat(state.breaks)
    state.atLineStart = true
    state.space = false
  }
  if (state.atLineStart) {
    const quote = '> '.repeat(Math.min(MAX_INDENT, state.quotes))
    if (state.pre === 0) state.out += quote + state.marker
    if (state.marker !== '') state.atLineStart = false
  }
  state.marker = ''
  state.breaks = 0
  state.started = true
}

function owe(state: State, breaks: 1 | 2): void {
  const table = state.tables[0]
  if (table?.cell !== undefined) table.cell += ' '
  else if (state.breaks < breaks) state.breaks = breaks
}

function cellOf(state: State): string | undefined {
  return state.tables[0]?.cell
}
