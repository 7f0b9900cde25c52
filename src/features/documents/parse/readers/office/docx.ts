// Word documents: mammoth makes HTML of them, the HTML reader makes Markdown of that.
import { zipSync } from 'fflate'
import mammoth from 'mammoth'
import { Refusal } from '../../refusal.ts'
import { readHtml } from '../html.ts'
import { officeTitle, xmlText } from './office-parts.ts'
import type { ReadFacts, Reading } from '../reading.ts'
import type { Zip } from './zip.ts'

export async function readDocx(zip: Zip, reading: Reading): Promise<ReadFacts> {
  const html = await htmlOf(checkedCopy(zip))
  await readHtml([html], reading)
  if ([...zip.names].some(name => name.startsWith('word/media/'))) reading.warn('images_left_out')
  return { title: await officeTitle(zip), pages: null }
}

/**
 * mammoth unzips by itself and without limits. It gets a new ZIP of the XML parts that were inflated within the limits
 * and hold no doctype, so what was checked and what is read cannot differ.
 */
function checkedCopy(zip: Zip): Buffer {
  const parts: Record<string, Uint8Array> = {}
  for (const name of zip.names) {
    if (!/\.(?:xml|rels)$/.test(name) || name.split('/').includes('..')) continue
    const xml = xmlText(zip.bytes(name))
    if (xml !== undefined) parts[name] = Buffer.from(xml, 'utf8')
  }
  return Buffer.from(zipSync(parts, { level: 0 }))
}

async function htmlOf(buffer: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"],
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })),
        // Else a document could name files to be read.
        externalFileAccess: false,
      },
    )
    return value
  } catch (error) {
    throw new Refusal('damaged', {}, error)
  }
}
