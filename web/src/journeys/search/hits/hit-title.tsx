// The title of a hit: it opens the document, in the version that was found, at the passage.
import { Link } from '@tanstack/react-router'
import type { SearchHit } from './search-hit.ts'

export function HitTitle({ hit }: { readonly hit: SearchHit }) {
  return (
    <h2 className="text-base font-semibold wrap-anywhere">
      <Link data-hit-link {...passageOf(hit)} className="text-accent hover:underline">
        <bdi>{hit.title}</bdi>
      </Link>
    </h2>
  )
}

/** Where the passage stands. */
export function passageOf(hit: SearchHit) {
  return {
    to: '/documents/$documentId',
    params: { documentId: hit.doc_id },
    search: { version: hit.document_version, from: hit.chunk_start, to: hit.chunk_end },
  } as const
}
