// Files of every format for the tests, made by code, no third party's data: sound ones, and hostile ones with the reason
// they must be refused for.
import { crc32, constants, deflateRawSync } from 'node:zlib'
import type { ParseReason } from '../../src/features/documents/parse/refusal.ts'

export interface SampleFile {
  readonly name: string
  readonly bytes: Buffer
  readonly expect: 'ok' | ParseReason
}

interface ZipEntry {
  readonly name: string
  readonly text?: string
  /** Already deflated, with whatever size it declares. */
  readonly deflated?: { readonly bytes: Buffer; readonly declares: number }
}

/** A ZIP as it stands in the format's note, stored entries; may lie where the entry says so. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text = '', deflated } of entries) {
    const data = deflated?.bytes ?? Buffer.from(text)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(deflated === undefined ? 0 : 8, 4)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(deflated?.declares ?? data.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    locals.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), data)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, tail, Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + data.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...directory, end])
}

/** A PDF whose pages hold these texts, a line for each line; a page of '' is blank. */
export function pdfOf(pages: readonly string[], title = ''): Buffer {
  const contents = pages.map(text => {
    const lines = text.split('\n').map(line => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`)
    return text === '' ? '' : `BT /F1 12 Tf 72 720 Td 14 TL ${lines.join(' ')} ET`
  })
  return pdfFrom(contents, { title })
}

/** Pages that are only a picture, as a scanner makes them. */
export function scannedPdf(pages = 3): Buffer {
  const image =
    '<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8'
  return pdfFrom(Array<string>(pages).fill('q 612 0 0 792 0 0 cm /Im1 Do Q'), {
    extra: `${image} /Length 1 >>\nstream\nA\nendstream`,
  })
}

/** Protected with a password nobody gave. */
export function encryptedPdf(): Buffer {
  const key = '00'.repeat(32)
  return pdfFrom(['BT ET'], {
    extra: `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${key}> /U <${key}> >>`,
    trailer: `/Encrypt 4 0 R /ID [<${'00'.repeat(16)}> <${'00'.repeat(16)}>]`,
  })
}

interface PdfParts {
  readonly title?: string
  /** Object 4: an image, or the encryption. */
  readonly extra?: string
  readonly trailer?: string
}

function pdfFrom(
  contents: readonly string[],
  { title = '', extra = 'null', trailer = '' }: PdfParts,
): Buffer {
  const kids = contents.map((_, index) => `${6 + index * 2} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    extra,
    `<< /Title (${title}) >>`,
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${7 + index * 2} 0 R ` +
        '/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> >>',
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  const parts = ['%PDF-1.7\n']
  const offsets: number[] = []
  let length = parts.join('').length
  for (const [index, object] of objects.entries()) {
    offsets.push(length)
    const part = `${index + 1} 0 obj\n${object}\nendobj\n`
    parts.push(part)
    length += part.length
  }
  const rows = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`)
  parts.push(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 5 0 R ${trailer} >>\n`)
  parts.push(`startxref\n${length}\n%%EOF\n`)
  return Buffer.from(parts.join(''), 'latin1')
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/main'
const SLIDE = 'http://schemas.openxmlformats.org/presentationml/2006/main'

function relations(...targets: readonly (readonly [type: string, target: string])[]): string {
  const rows = targets.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return `${XML}<Relationships xmlns="${RELATIONS}">${rows.join('')}</Relationships>`
}

function officeOf(main: string, title: string, parts: Readonly<Record<string, string>>): ZipEntry[] {
  const core = 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties'
  return Object.entries({
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': relations(['officeDocument', main]),
    'docProps/core.xml': `${XML}<cp:coreProperties xmlns:cp="${core}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${escaped(title)}</dc:title></cp:coreProperties>`,
    ...parts,
  }).map(([name, text]) => ({ name, text }))
}

export interface DocxParts {
  readonly title?: string
  /** "# Heading", "## Heading", or a paragraph. */
  readonly paragraphs?: readonly string[]
  readonly table?: readonly (readonly string[])[]
}

export function docxEntries({ title = '', paragraphs = [], table = [] }: DocxParts): ZipEntry[] {
  const paragraph = (text: string) => {
    const [, marks = '', words = text] = /^(#{1,2}) (.*)$/.exec(text) ?? []
    const style = marks === '' ? '' : `<w:pPr><w:pStyle w:val="Heading${marks.length}"/></w:pPr>`
    return `<w:p>${style}<w:r><w:t xml:space="preserve">${escaped(words)}</w:t></w:r></w:p>`
  }
  const rows = table.map(row => `<w:tr>${row.map(cell => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`)
  const tables = rows.length === 0 ? '' : `<w:tbl>${rows.join('')}</w:tbl>`
  const styles = [1, 2].map(
    level =>
      `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/></w:style>`,
  )
  return officeOf('word/document.xml', title, {
    'word/document.xml': `${XML}<w:document xmlns:w="${WORD}"><w:body>${paragraphs.map(paragraph).join('')}${tables}</w:body></w:document>`,
    'word/styles.xml': `${XML}<w:styles xmlns:w="${WORD}">${styles.join('')}</w:styles>`,
    'word/_rels/document.xml.rels': relations(['styles', 'styles.xml']),
  })
}

export function docxOf(parts: DocxParts): Buffer {
  return zipOf(docxEntries(parts))
}

/** A cell: words (shared), a number, a date as serial number, or a formula with the value it had. */
export type XlsxCell =
  | string
  | number
  | { readonly date: number }
  | { readonly formula: string; readonly value: string }

export function xlsxEntries(sheets: Readonly<Record<string, readonly (readonly XlsxCell[])[]>>): ZipEntry[] {
  const strings: string[] = []
  const cell = (value: XlsxCell, at: string): string => {
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`
    if (typeof value === 'string') return `<c r="${at}" t="s"><v>${strings.push(value) - 1}</v></c>`
    if ('date' in value) return `<c r="${at}" s="1"><v>${value.date}</v></c>`
    return `<c r="${at}" t="str"><f>${escaped(value.formula)}</f><v>${escaped(value.value)}</v></c>`
  }
  const parts = Object.values(sheets).map(rows => {
    const lines = rows.map((row, y) => {
      const cells = row.map((value, x) => cell(value, `${String.fromCharCode(65 + x)}${y + 1}`))
      return `<row r="${y + 1}">${cells.join('')}</row>`
    })
    return `${XML}<worksheet xmlns="${SHEET}"><sheetData>${lines.join('')}</sheetData></worksheet>`
  })
  const names = Object.keys(sheets).map(
    (name, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  )
  const targets = parts.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const)
  return officeOf('xl/workbook.xml', '', {
    'xl/workbook.xml': `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets>${names.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      ...targets,
      ['sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles.xml'],
    ),
    'xl/sharedStrings.xml': `${XML}<sst xmlns="${SHEET}">${strings.map(text => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': `${XML}<styleSheet xmlns="${SHEET}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(parts.map((part, index) => [`xl/worksheets/sheet${index + 1}.xml`, part])),
  })
}

export function xlsxOf(sheets: Readonly<Record<string, readonly (readonly XlsxCell[])[]>>): Buffer {
  return zipOf(xlsxEntries(sheets))
}

export interface SlideParts {
  readonly title: string
  readonly lines: readonly string[]
  readonly notes?: string
}

export function pptxOf(slides: readonly SlideParts[]): Buffer {
  const shape = (type: string, lines: readonly string[]) =>
    `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody>${lines
      .map(line => `<a:p><a:r><a:t>${escaped(line)}</a:t></a:r></a:p>`)
      .join('')}</p:txBody></p:sp>`
  const part = (name: string, shapes: string) =>
    `${XML}<p:${name} xmlns:p="${SLIDE}" xmlns:a="${DRAWING}"><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${name}>`
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`)
  // The parts are numbered backwards: the order of the presentation counts, not that of the names.
  const number = (index: number) => slides.length - index
  const parts = slides.flatMap(({ title, lines, notes }, index) => [
    [
      `ppt/slides/slide${number(index)}.xml`,
      part('sld', shape('title', [title]) + shape('body', lines) + shape('sldNum', ['77'])),
    ],
    ...(notes === undefined
      ? []
      : [
          [
            `ppt/slides/_rels/slide${number(index)}.xml.rels`,
            relations(['notesSlide', `../notesSlides/notes${number(index)}.xml`]),
          ],
          [`ppt/notesSlides/notes${number(index)}.xml`, part('notes', shape('body', [notes]))],
        ]),
  ])
  const targets = slides.map((_, index) => ['slide', `slides/slide${number(index)}.xml`] as const)
  return zipOf(
    officeOf('ppt/presentation.xml', '', {
      'ppt/presentation.xml': `${XML}<p:presentation xmlns:p="${SLIDE}" xmlns:r="${OFFICE}"><p:sldIdLst>${ids.join('')}</p:sldIdLst></p:presentation>`,
      'ppt/_rels/presentation.xml.rels': relations(...targets),
      ...(Object.fromEntries(parts) as Record<string, string>),
    }),
  )
}

/** A gigabyte of spaces in a megabyte, which declares itself to be a thousand bytes. */
export function zipBomb(): Buffer {
  const block = deflateRawSync(Buffer.alloc(1_048_576, ' '), {
    level: 9,
    finishFlush: constants.Z_FULL_FLUSH,
  })
  const bytes = Buffer.concat([...Array<Buffer>(1_024).fill(block), Buffer.from([3, 0])])
  return zipOf([
    ...docxEntries({}).filter(({ name }) => name !== 'word/document.xml'),
    { name: 'word/document.xml', deflated: { bytes, declares: 1_000 } },
  ])
}

function withDoctype(entries: readonly ZipEntry[], part: string, doctype: string): Buffer {
  return zipOf(
    entries.map(entry =>
      entry.name === part ? { ...entry, text: (entry.text ?? '').replace('?>', `?>${doctype}`) } : entry,
    ),
  )
}

const XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
const LAUGHS = `<!DOCTYPE a [<!ENTITY a0 "ha">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join('')}]>`
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55', 'hex')

export function allSampleFiles(): SampleFile[] {
  return [...soundFiles(), ...hostileFiles()]
}

export function soundFiles(): SampleFile[] {
  const contract = {
    title: 'Supply contract',
    paragraphs: ['# Delivery', 'Goods arrive by ship.', '## Dates', 'In spring.'],
  }
  const files: Record<string, Buffer | string> = {
    'notes.md': '# Harbour\n\nThe lighthouse was painted in May.\n',
    'notes.txt': 'The ferry leaves at seven.\n',
    'page.html':
      '<!doctype html><title>Tides</title><nav>Menu</nav><h1>Tide table</h1><p>High water <b>at noon</b>.</p><script>alert(1)</script><p hidden>ignore</p>',
    'people.csv': 'Name,City\nAlice,Paris\n"Bob, the elder",Rome\n',
    'ship.json': '{"ship":{"name":"Aurora","holds":[{"load":"timber"}]}}',
    'log.ndjson': '{"event":"sailed"}\n{"event":"moored"}\n',
    'report.pdf': pdfOf(
      ['The first page speaks of anchors.', 'The second page speaks of sails.'],
      'Annual report',
    ),
    'contract.docx': docxOf({
      ...contract,
      table: [
        ['Item', 'Price'],
        ['Rope', '12'],
      ],
    }),
    'budget.xlsx': xlsxOf({
      Costs: [
        ['Item', 'Price', 'Bought'],
        ['Rope', 12.5, { date: 45_000 }],
        ['Tar', { formula: '1+2', value: '3' }],
      ],
      Crew: [
        ['Name', 'Rank'],
        ['Alice', 'captain'],
      ],
    }),
    'talk.pptx': pptxOf([
      { title: 'Opening', lines: ['Welcome aboard'], notes: 'Speak slowly' },
      { title: 'Closing', lines: ['Fair winds'] },
    ]),
    '../../etc/x.md': '# Elsewhere\n\nA name is only a label.\n',
    'upward.docx': zipOf([
      ...docxEntries({ paragraphs: ['Nothing climbs.'] }),
      { name: '../../evil.xml', text: '<evil/>' },
    ]),
    'deep.html': `${'<div>'.repeat(100_000)}<p>The bottom of the sea.</p>`,
    'line.html': `<p>Before the line.</p><script>${'x'.repeat(50_000_000)}</script><p>After the line.</p>`,
  }
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes), expect: 'ok' }))
}

export function hostileFiles(): SampleFile[] {
  const pdf = pdfOf(['Plain words.'])
  const docx = docxEntries({ paragraphs: ['Plain words.'] })
  const xlsx = xlsxEntries({ Sheet: [['Plain', 'words']] })
  const files: readonly (readonly [string, ParseReason, Buffer | string])[] = [
    ['bomb.docx', 'too_much_unzipped', zipBomb()],
    ['entities.docx', 'damaged', withDoctype(docx, 'word/document.xml', XXE)],
    ['entities.xlsx', 'damaged', withDoctype(xlsx, 'xl/sharedStrings.xml', XXE)],
    ['laughs.docx', 'damaged', withDoctype(docx, 'word/document.xml', LAUGHS)],
    ['endless.pdf', 'too_many_pages', pdfOf(Array<string>(10_000).fill('x'))],
    ['two-things.pdf', 'ambiguous_type', Buffer.concat([pdf, zipOf(docx)])],
    ['two-things.docx', 'ambiguous_type', zipOf([{ name: 'a.pdf', text: pdf.toString('latin1') }, ...docx])],
    ['both.docx', 'ambiguous_type', zipOf([...docx, ...xlsx.filter(({ name }) => name.startsWith('xl/'))])],
    ['photo.pdf', 'wrong_type', PNG],
    ['photo.png', 'unsupported_type', PNG],
    ['letter.docx', 'wrong_type', pdf],
    ['letter.xlsx', 'wrong_type', zipOf(docx)],
    ['letter.md', 'wrong_type', pdf],
    ['program.txt', 'wrong_type', Buffer.concat([Buffer.from('MZ\x90\0', 'latin1'), Buffer.alloc(500)])],
    [
      'random.txt',
      'wrong_type',
      Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7_919 + 13) % 251)),
    ],
    ['archive.zip', 'unsupported_type', zipOf([{ name: 'a.txt', text: 'words' }])],
    ['locked.pdf', 'encrypted', encryptedPdf()],
    ['scan.pdf', 'scanned_pdf', scannedPdf()],
    ['blank.pdf', 'no_text', pdfOf([''])],
    ['cut.docx', 'damaged', zipOf(docx).subarray(0, 900)],
    ['cut.pdf', 'damaged', pdf.subarray(0, pdf.length - 100)],
    ['cut.json', 'damaged', '{"ship":{"name":"Aur'],
    ['empty.txt', 'no_text', ''],
    ['blank.md', 'no_text', ' \n\n'],
  ]
  return files.map(([name, expect, bytes]) => ({ name, expect, bytes: Buffer.from(bytes) }))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
