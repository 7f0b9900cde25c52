// A passage that an answer may be made of, with the number it is cited by.
import type { Found, Hit } from './find.ts'

export interface Passage extends Pick<Hit, 'doc_id' | 'title' | 'content' | 'document_version' | 'page'> {
  /** From 1. */
  readonly n: number
  /** Where the content stands in the version's text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
  readonly score: number
}

export type Unranked = Omit<Passage, 'n'>

export function passagesOf({ hits }: Pick<Found, 'hits'>): Unranked[] {
  return hits.map(({ doc_id, title, content, document_version, page, score, chunk_start, chunk_end }) => ({
    doc_id,
    title,
    content,
    document_version,
    score,
    start: chunk_start,
    end: chunk_end,
    ...(page === undefined ? {} : { page }),
  }))
}
