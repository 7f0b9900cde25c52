// CSV (RFC 4180, and what people send): comma, semicolon, tab or bar, quotes, line breaks inside quotes. A stream.
import { Refusal } from '../refusal.ts'
import type { ReadFacts, Reading } from './reading.ts'
import { rowLines } from './rows.ts'

/** An unclosed quote would otherwise swallow the rest of the file as one cell. */
const MAX_CELL = 4_000_000
const MAX_COLUMNS = 16_384

export async function readCsv(
  texts: AsyncIterable<string>,
  { sink, extension }: Reading,
): Promise<ReadFacts> {
  const lines = rowLines(column => `Column ${column + 1}`)
  let split: CsvSplitter | undefined
  for await (const text of texts) {
    split ??= csvSplitter(extension === 'tsv' ? '\t' : separatorOf(text))
    await sink.write(asLines(split.push(text), lines.next))
  }
  if (split !== undefined) await sink.write(asLines(split.end(), lines.next))
  return { title: null, pages: null }
}

function asLines(rows: readonly string[][], line: (cells: readonly string[]) => string | undefined): string {
  let text = ''
  for (const row of rows) {
    const next = line(row)
    if (next !== undefined) text += `${next}\n`
  }
  return text
}

/** The separator that stands most often, outside quotes, in the first line. */
function separatorOf(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').slice(0, 65_536).replace(/"[^"]*"/g, '')
  const count = (separator: string) => line.split(separator).length
  return [',', ';', '\t', '|'].reduce((best, next) => (count(next) > count(best) ? next : best))
}

interface CsvSplitter {
  /** The rows that ended in this text. */
  push(text: string): string[][]
  end(): string[][]
}

function csvSplitter(separator: string): CsvSplitter {
  let row: string[] = []
  let cell = ''
  let state: 'start' | 'bare' | 'quoted' | 'closing' = 'start'
  // What ends a run of plain characters, in each state.
  const special = new RegExp(`[\\r\\n${separator === '|' ? '\\|' : separator}]`, 'g')

  const endCell = () => {
    row.push(cell)
    cell = ''
    state = 'start'
    if (row.length > MAX_COLUMNS) throw new Refusal('damaged')
  }
  const take = (text: string) => {
    cell += text
    if (cell.length > MAX_CELL) throw new Refusal('damaged')
  }
  const push = (text: string) => {
    const rows: string[][] = []
    for (let at = 0; at < text.length; ) {
      const char = text.charAt(at)
      if (state === 'quoted') {
        const quote = text.indexOf('"', at)
        take(text.slice(at, quote < 0 ? text.length : quote))
        if (quote >= 0) state = 'closing'
        at = quote < 0 ? text.length : quote + 1
      } else if (char === '"' && state !== 'bare') {
        if (state === 'closing') take('"')
        state = 'quoted'
        at++
      } else if (char === separator) {
        endCell()
        at++
      } else if (char === '\n' || char === '\r') {
        // A \r\n ends a row once; the empty row between them is dropped like every empty row.
        endCell()
        rows.push(row)
        row = []
        at++
      } else {
        special.lastIndex = at
        const end = special.exec(text)?.index ?? text.length
        take(text.slice(at, end))
        state = 'bare'
        at = end
      }
    }
    return rows
  }
  return {
    push,
    end: () => {
      endCell()
      return [row]
    },
  }
}
