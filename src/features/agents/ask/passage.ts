// A passage that an answer may be made of, with the number it is cited by.
import type { hybridSearch } from '../../retrieval/hybrid-search.ts'

/** What hybrid_search answers. */
export type Found = Awaited<ReturnType<ReturnType<typeof hybridSearch>['run']>>
type Hit = Found['hits'][number]

export interface Passage extends Pick<Hit, 'doc_id' | 'title' | 'content' | 'document_version' | 'page'> {
  /** From 1. */
  readonly n: number
  /** Where the content stands in the version's text, in UTF-16 code units. */
  readonly start: number
  readonly end: number
}

export function passagesOf(hits: readonly Hit[]): Passage[] {
  return hits.map(({ doc_id, title, content, document_version, page, chunk_start, chunk_end }, at) => ({
    n: at + 1,
    doc_id,
    title,
    content,
    document_version,
    start: chunk_start,
    end: chunk_end,
    ...(page === undefined ? {} : { page }),
  }))
}
