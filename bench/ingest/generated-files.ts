// A PDF and a Word file of generated text, compressed as programs that write such files do.
import { deflateSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { paragraph, type Random, type Words } from './generated-text.ts'

/** Pages of 40 lines, each page's content deflated. */
export function generatedPdf(from: Words, random: Random, pages: number): Buffer {
  const contents = Array.from({ length: pages }, () =>
    deflateSync(Buffer.from(pageOf(from, random), 'latin1')),
  )
  const kids = contents.map((_, index) => `${4 + index * 2} 0 R`).join(' ')
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'),
    ...contents.flatMap((content, index) => [
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + index * 2} 0 R ` +
          '/Resources << /Font << /F1 3 0 R >> >> >>',
      ),
      Buffer.concat([
        Buffer.from(`<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`),
        content,
        Buffer.from('\nendstream'),
      ]),
    ]),
  ]
  return withDirectory(objects)
}

function pageOf(from: Words, random: Random): string {
  const lines: string[] = []
  while (lines.length < 40) lines.push(...(paragraph(from, random).match(/.{1,80}(?: |$)/g) ?? []))
  return `BT /F1 10 Tf 50 740 Td 14 TL ${lines.map(line => `(${line}) Tj T*`).join(' ')} ET`
}

/** The numbered objects, and where each of them starts. */
function withDirectory(objects: readonly Buffer[]): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n')]
  let length = parts[0]?.length ?? 0
  let rows = ''
  for (const [index, object] of objects.entries()) {
    rows += `${String(length).padStart(10, '0')} 00000 n \n`
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  const count = objects.length + 1
  const trailer = `trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`
  parts.push(Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${rows}${trailer}`))
  return Buffer.concat(parts)
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

export function generatedDocx(from: Words, random: Random, paragraphs: number): Buffer {
  const texts = Array.from(
    { length: paragraphs },
    () => `<w:p><w:r><w:t xml:space="preserve">${paragraph(from, random)}</w:t></w:r></w:p>`,
  )
  const parts = {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${XML}<w:document xmlns:w="${WORD}"><w:body>${texts.join('')}</w:body></w:document>`,
  }
  const files = Object.entries(parts).map(([name, text]) => [name, strToU8(text)] as const)
  return Buffer.from(zipSync(Object.fromEntries(files)))
}
