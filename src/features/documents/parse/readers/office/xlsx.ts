// Excel workbooks: every sheet a heading, every row a line that repeats the column names, the sheet's number as page.
// Formulas give the value they had when the file was saved.
import { Refusal } from '../../refusal.ts'
import type { ReadFacts, Reading } from '../reading.ts'
import { rowLines } from '../rows.ts'
import { builtinKind, formatKind, type NumberKind, numberText } from './number-format.ts'
import { mainPart, officeTitle, readXml, relationsOf, type XmlEvents } from './office-parts.ts'
import type { Zip } from './zip.ts'

interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly part: string }[]
  readonly since1904: boolean
  readonly strings: readonly string[]
  readonly kinds: readonly NumberKind[]
}

interface Cell {
  column: number
  type: string
  style: number
  value: string
}

const MAX_COLUMNS = 16_384

export async function readXlsx(zip: Zip, { sink, limits }: Reading): Promise<ReadFacts> {
  const book = await readWorkbook(zip)
  if (book.sheets.length > limits.maxPages) throw new Refusal('too_many_pages', { count: book.sheets.length })
  for (const [index, sheet] of book.sheets.entries()) {
    let heading = `## ${sheet.name}\n\n`
    const write = async (lines: readonly string[]) => {
      if (lines.length === 0) return
      await sink.write(`${heading}${lines.join('\n')}\n`, index + 1)
      heading = ''
    }
    await readSheet(zip, sheet.part, book, write)
    if (heading === '') await sink.write('\n', index + 1)
  }
  return { title: await officeTitle(zip), pages: book.sheets.length }
}

async function readWorkbook(zip: Zip): Promise<Workbook> {
  const main = mainPart(zip, 'xlsx')
  if (main === undefined) throw new Refusal('damaged')
  const relations = await relationsOf(zip, main)
  const partOf = (type: string) => [...relations.values()].find(relation => relation.type === type)?.target
  const sheets: { name: string; part: string }[] = []
  let since1904 = false
  await readXml(zip, main, {
    open(name, attributes) {
      if (name === 'workbookPr') since1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '')
      if (name !== 'sheet') return
      const relation = relations.get(attributes['r:id'] ?? '')
      // A sheet that is only a chart has no rows.
      if (relation?.type !== 'worksheet') return
      sheets.push({ name: attributes['name'] ?? '', part: relation.target })
    },
  })
  return {
    sheets,
    since1904,
    strings: await readStrings(zip, partOf('sharedStrings')),
    kinds: await readKinds(zip, partOf('styles')),
  }
}

/** Phonetic hints (rPh) stand beside the text, not in it. */
async function readStrings(zip: Zip, part: string | undefined): Promise<string[]> {
  const strings: string[] = []
  if (part === undefined || !zip.names.has(part)) return strings
  let inText = false
  let inHint = false
  await readXml(zip, part, {
    open(name) {
      if (name === 'si') strings.push('')
      if (name === 't') inText = true
      if (name === 'rPh') inHint = true
    },
    text(text) {
      if (inText && !inHint && strings.length > 0) strings[strings.length - 1] += text
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') inHint = false
    },
  })
  return strings
}

/** What the numbers of each cell style are. */
async function readKinds(zip: Zip, part: string | undefined): Promise<NumberKind[]> {
  const custom = new Map<string, NumberKind>()
  const kinds: NumberKind[] = []
  if (part === undefined || !zip.names.has(part)) return kinds
  let inStyles = false
  await readXml(zip, part, {
    open(name, { numFmtId: id = '0', formatCode: code = '' }) {
      if (name === 'numFmt') custom.set(id, formatKind(code))
      if (name === 'cellXfs') inStyles = true
      if (name === 'xf' && inStyles) kinds.push(custom.get(id) ?? builtinKind(Number(id)))
    },
    close(name) {
      if (name === 'cellXfs') inStyles = false
    },
  })
  return kinds
}

async function readSheet(
  zip: Zip,
  part: string,
  book: Workbook,
  write: (lines: readonly string[]) => Promise<void>,
): Promise<void> {
  let lines: string[] = []
  const drain = async () => {
    const read = lines
    lines = []
    await write(read)
  }
  const rows = rowLines(columnName)
  let row: string[] = []
  let cell: Cell | undefined
  let inValue = false
  const events: XmlEvents = {
    open(name, attributes) {
      if (name === 'row') row = []
      else if (name === 'c') cell = cellFrom(attributes, row.length)
      else if (name === 'v' || name === 't') inValue = true
    },
    text(text) {
      if (inValue && cell !== undefined) cell.value += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c' && cell !== undefined) {
        while (row.length < cell.column) row.push('')
        row[cell.column] = cellText(cell, book)
        cell = undefined
      } else if (name === 'row') {
        const line = rows.next(row)
        if (line !== undefined) lines.push(line)
      }
    },
  }
  await readXml(zip, part, events, drain)
}

function cellFrom({ r = '', t = 'n', s = '0' }: Record<string, string>, next: number): Cell {
  const letters = /^[A-Z]{1,3}/.exec(r)?.[0]
  const column = letters === undefined ? next : columnNumber(letters)
  if (column >= MAX_COLUMNS) throw new Refusal('damaged')
  return { column, type: t, style: Number(s), value: '' }
}

function cellText({ type, style, value }: Cell, book: Workbook): string {
  if (type === 's') return book.strings[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'n') return numberText(value, book.kinds[style] ?? 'number', book.since1904)
  return value
}

function columnNumber(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

function columnName(column: number): string {
  const before = Math.floor(column / 26)
  return (before > 0 ? columnName(before - 1) : '') + String.fromCharCode(65 + (column % 26))
}
