// The documents of a test collection, streamed, as the product can take them in.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { storableText } from '../../../platform/storable-text.ts'
import { badLine } from './lines.ts'
import { id } from './read-set.ts'
import { records } from './records.ts'

export interface CorpusDocument {
  /** As the judgements name it. */
  readonly id: string
  /** The document's external_id. */
  readonly key: string
  readonly title: string
  readonly content: string
}

/** What `add_document` takes. */
const LONGEST_KEY = 500
const LONGEST_TITLE = 500
const UNTITLED = '—'

const Document = z.object({ _id: id, title: z.string().nullish(), text: z.string() })

/** Documents without a letter in title and text come with a blank content: there is nothing to take in. */
export async function* readCorpus(file: string): AsyncGenerator<CorpusDocument> {
  const seen = new Set<string>()
  for await (const { number, value } of records(file, Document)) {
    if (seen.has(value._id)) throw badLine(file, number, `the _id ${JSON.stringify(value._id)} comes twice`)
    seen.add(value._id)
    yield { id: value._id, key: keyOf(value._id), ...texts(value.title?.trim() ?? '', value.text) }
  }
}

/** The id where it can be an external_id; otherwise its SHA-256. */
export function keyOf(documentId: string): string {
  const fits = documentId.length <= LONGEST_KEY && !storableText(documentId).cleaned
  return fits ? documentId : `sha256:${createHash('sha256').update(documentId).digest('hex')}`
}

/**
 * No word is lost, and none counts twice: where a title is missing, is all there is, or is too long to be one, a dash is
 * the title.
 */
function texts(title: string, text: string): Pick<CorpusDocument, 'title' | 'content'> {
  if (title === '' || text.trim() === '')
    return { title: UNTITLED, content: text.trim() === '' ? title : text }
  if (title.length <= LONGEST_TITLE) return { title, content: text }
  return { title: UNTITLED, content: `${title}\n\n${text}` }
}
