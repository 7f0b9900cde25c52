// One file from its bytes to its text: what it is, which reader, which limits. Runs in the child.
import { detectType, type Detected, refuseUnless } from './detect-type.ts'
import { decodeText } from './decode-text.ts'
import { extensionOf, type FileType } from '../file-type.ts'
import type { ChildParsed, ParseWarning, StartFile } from '../child/parser-messages.ts'
import { Refusal } from '../refusal.ts'
import type { TextSink } from './text-sink.ts'
import type { ReadFacts, Reading } from './reading.ts'

type Reader = (
  source: AsyncIterable<Uint8Array>,
  reading: Reading,
) => Promise<ReadFacts & { fileType: FileType }>

const STREAMED: ReadonlySet<FileType> = new Set(['text', 'markdown', 'csv'])
const IN_FULL: ReadonlySet<FileType> = new Set(['text', 'pdf', 'json', 'csv'])
const HEAD_SIZE = 65_536

export async function readFile(
  chunks: AsyncIterator<Uint8Array>,
  file: StartFile,
  sink: TextSink,
): Promise<ChildParsed> {
  const head = await readHead(chunks)
  if (head.length === 0) throw new Refusal('no_text')
  const detected = detectType(head, file.label, file.mediaType)
  const isStreamed = detected.kind === 'text' && STREAMED.has(detected.fileType)
  const most = isStreamed ? file.limits.maxStreamedBytes : file.limits.maxBytes
  if (file.size > most) throw new Refusal('too_large')
  const warnings = new Set<ParseWarning>()
  const { claimed } = detected
  const extension = extensionOf(file.label)
  const reading: Reading = { sink, limits: file.limits, claimed, extension, warn: code => warnings.add(code) }
  const { fileType, title, pages } = await readerFor(detected)(limited(head, chunks, most), reading)
  await sink.flush()
  if (!sink.hasText()) throw new Refusal('no_text')
  const format = IN_FULL.has(fileType) ? 'text' : 'markdown'
  return { fileType, format, title, pages, warnings: [...warnings] }
}

/** Readers are loaded when they are first needed: a child that reads notes never loads pdf.js. */
function readerFor(detected: Detected): Reader {
  if (detected.kind === 'pdf') return readPdfFile
  if (detected.kind === 'zip') return readOfficeFile
  const { fileType } = detected
  return async (source, reading) => {
    const texts = decodeText(source, reading)
    return { ...(await readText(fileType, texts, reading)), fileType }
  }
}

async function readText(type: FileType, texts: AsyncIterable<string>, reading: Reading): Promise<ReadFacts> {
  if (type === 'html') return (await import('./html.ts')).readHtml(texts, reading)
  if (type === 'csv') return (await import('./csv.ts')).readCsv(texts, reading)
  if (type === 'json') return (await import('./json.ts')).readJson(texts, reading)
  return (await import('./plain.ts')).readPlain(texts, reading)
}

const readPdfFile: Reader = async (source, reading) => {
  const { readPdf } = await import('./pdf.ts')
  return { ...(await readPdf(await wholeOf(source), reading)), fileType: 'pdf' }
}

const readOfficeFile: Reader = async (source, reading) => {
  const [{ openZip }, { officeKind }] = await Promise.all([
    import('./office/zip.ts'),
    import('./office/office-parts.ts'),
  ])
  const zip = openZip(await wholeOf(source), reading.limits)
  const kind = officeKind(zip)
  if (kind === undefined) throw notOffice(zip.names, reading.claimed)
  refuseUnless(reading.claimed === undefined || reading.claimed === kind, kind, reading.claimed)
  if (kind === 'xlsx')
    return { ...(await (await import('./office/xlsx.ts')).readXlsx(zip, reading)), fileType: kind }
  if (kind === 'pptx')
    return { ...(await (await import('./office/pptx.ts')).readPptx(zip, reading)), fileType: kind }
  return { ...(await (await import('./office/docx.ts')).readDocx(zip, reading)), fileType: kind }
}

function notOffice(names: ReadonlySet<string>, claimed: FileType | undefined): Refusal {
  const found = names.has('mimetype') ? 'opendocument' : 'zip'
  return claimed === undefined
    ? new Refusal('unsupported_type', { found })
    : new Refusal('wrong_type', { found, claimed })
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  while (size < HEAD_SIZE) {
    const next = await chunks.next()
    if (next.done === true) break
    parts.push(next.value)
    size += next.value.length
  }
  return Buffer.concat(parts)
}

/** The whole file, head first. What it says of its size is not believed: bytes are counted as they come. */
async function* limited(
  head: Buffer,
  chunks: AsyncIterator<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  let size = 0
  const counted = (bytes: Uint8Array) => {
    size += bytes.length
    if (size > most) throw new Refusal('too_large')
    return bytes
  }
  yield counted(head)
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
    yield counted(next.value)
}

async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source))
}
