// PDF, page by page: plain text with its page number. Each page is let go of before the next.
import { getDocumentProxy } from 'unpdf'
import { Refusal } from '../refusal.ts'
import { type ReadFacts, type Reading, titleOf } from './reading.ts'

type Document = Awaited<ReturnType<typeof getDocumentProxy>>

export async function readPdf(bytes: Buffer, reading: Reading): Promise<ReadFacts> {
  checkEnds(bytes)
  const hasImages = holdsImages(bytes)
  const document = await open(bytes)
  try {
    const pages = document.numPages
    if (pages > reading.limits.maxPages) throw new Refusal('too_many_pages', { count: pages })
    const blank = await writePages(document, reading)
    if (!reading.sink.hasText()) {
      throw hasImages ? new Refusal('scanned_pdf', { count: pages }) : new Refusal('no_text')
    }
    if (blank > 0 && hasImages) reading.warn('pages_without_text')
    return { title: await titleIn(document), pages }
  } finally {
    await document.loadingTask.destroy()
  }
}

/** Returns how many pages gave no text. */
async function writePages(document: Document, { sink }: Reading): Promise<number> {
  let blank = 0
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    const text = pageText(items)
    if (text === '') blank++
    else await sink.write(`${text}\n\n`, number)
    page.cleanup()
  }
  return blank
}

async function open(bytes: Buffer): Promise<Document> {
  // pdf.js takes the memory away; what is looked for in the bytes is looked for before.
  const isEncrypted = bytes.includes('/Encrypt')
  try {
    // Nothing is fetched, evaluated or drawn: text only.
    return await getDocumentProxy(new Uint8Array(bytes), {
      verbosity: 0,
      useSystemFonts: false,
      disableFontFace: true,
      useWorkerFetch: false,
      stopAtErrors: false,
    })
  } catch (error) {
    throw new Refusal(isEncrypted ? 'encrypted' : 'damaged', {}, error)
  }
}

/** A cut file is repaired by pdf.js without a word; what it lost would be missing without a word too. */
function checkEnds(bytes: Buffer): void {
  const tail = bytes.subarray(-65_557)
  if (hasZipEnd(tail)) throw new Refusal('ambiguous_type')
  if (!tail.includes('%%EOF')) throw new Refusal('damaged')
}

/** The end record of a ZIP: its comment's length reaches exactly to the end of the file, or nearly. */
function hasZipEnd(tail: Buffer): boolean {
  const at = tail.lastIndexOf('PK\x05\x06')
  return at >= 0 && at + 22 <= tail.length && tail.readUInt32LE(at + 12) > 0
}

/** Image streams cannot stand inside compressed objects, so their dictionaries are readable in the file. */
function holdsImages(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('/Image'); at >= 0; at = bytes.indexOf('/Image', at + 1)) {
    if (/\/Subtype\s*$/.test(bytes.toString('latin1', Math.max(0, at - 20), at))) return true
  }
  return false
}

interface TextRun {
  readonly str: string
  readonly hasEOL: boolean
  readonly transform: readonly unknown[]
  readonly height: number
}

/** Lines as they stand; a gap of more than one and a half lines begins a paragraph. */
function pageText(items: readonly object[]): string {
  const parts: string[] = []
  let lineY: number | undefined
  for (const run of items.filter(isRun)) {
    const y = Number(run.transform[5])
    const isNewLine = parts.at(-1)?.endsWith('\n') ?? false
    if (isNewLine && lineY !== undefined && run.height > 0 && lineY - y > run.height * 2) parts.push('\n')
    parts.push(run.hasEOL ? `${run.str}\n` : run.str)
    if (run.str.trim() !== '') lineY = y
  }
  return parts
    .join('')
    .replace(/(?<![ \t])[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function isRun(item: object): item is TextRun {
  return 'str' in item && 'transform' in item && Array.isArray(item.transform)
}

async function titleIn(document: Document): Promise<string | null> {
  const { info } = await document.getMetadata()
  const title = 'Title' in info ? info.Title : undefined
  return titleOf(typeof title === 'string' ? title : undefined)
}
