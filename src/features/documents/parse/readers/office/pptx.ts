// PowerPoint presentations: slides in the order they are shown, title as heading, text, tables and notes, the slide's
// number as page.
import { Refusal } from '../../refusal.ts'
import type { ReadFacts, Reading } from '../reading.ts'
import { mainPart, officeTitle, readXml, relationsOf } from './office-parts.ts'
import type { Zip } from './zip.ts'

interface SlideText {
  title: string
  /** Paragraphs and table rows. */
  lines: string[]
}

/** Placeholders that repeat on every slide. */
const FURNITURE = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

export async function readPptx(zip: Zip, { sink, limits }: Reading): Promise<ReadFacts> {
  const slides = await slideParts(zip)
  if (slides.length > limits.maxPages) throw new Refusal('too_many_pages', { count: slides.length })
  for (const [index, part] of slides.entries()) {
    const { title, lines } = await readSlide(zip, part)
    const notesPart = [...(await relationsOf(zip, part)).values()].find(
      ({ type }) => type === 'notesSlide',
    )?.target
    const notes =
      notesPart === undefined || !zip.names.has(notesPart) ? [] : (await readSlide(zip, notesPart)).lines
    if (title === '' && lines.length === 0 && notes.length === 0) continue
    const heading = `## Slide ${index + 1}${title === '' ? '' : `: ${title}`}`
    const parts = [heading, lines.join('\n'), notes.length === 0 ? '' : `Notes: ${notes.join('\n')}`]
    await sink.write(`${parts.filter(text => text !== '').join('\n\n')}\n\n`, index + 1)
  }
  return { title: await officeTitle(zip), pages: slides.length }
}

async function slideParts(zip: Zip): Promise<string[]> {
  const main = mainPart(zip, 'pptx')
  if (main === undefined) throw new Refusal('damaged')
  const relations = await relationsOf(zip, main)
  const parts: string[] = []
  await readXml(zip, main, {
    open(name, attributes) {
      const relation = relations.get(attributes['r:id'] ?? '')
      if (name === 'sldId' && relation !== undefined) parts.push(relation.target)
    },
  })
  return parts
}

async function readSlide(zip: Zip, part: string): Promise<SlideText> {
  const slide: SlideText = { title: '', lines: [] }
  let placeholder = ''
  let paragraph = ''
  let inText = false
  let cells: string[] | undefined
  const endParagraph = () => {
    const text = paragraph.replace(/\s+/g, ' ').trim()
    paragraph = ''
    if (text === '' || FURNITURE.has(placeholder)) return
    if (cells !== undefined) cells[cells.length - 1] = `${cells.at(-1) ?? ''} ${text}`.trim()
    else if (placeholder === 'title' || placeholder === 'ctrTitle')
      slide.title = `${slide.title} ${text}`.trim()
    else slide.lines.push(text)
  }
  await readXml(zip, part, {
    open(name, attributes) {
      if (name === 'sp' || name === 'graphicFrame') placeholder = ''
      else if (name === 'ph') placeholder = attributes['type'] ?? 'body'
      else if (name === 't') inText = true
      else if (name === 'br') paragraph += ' '
      else if (name === 'tr') cells = []
      else if (name === 'tc') cells?.push('')
    },
    text(text) {
      if (inText) paragraph += text
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'p') endParagraph()
      else if (name === 'tr' && cells !== undefined) {
        if (cells.some(cell => cell !== '')) slide.lines.push(`| ${cells.join(' | ')} |`)
        cells = undefined
      }
    },
  })
  return slide
}
