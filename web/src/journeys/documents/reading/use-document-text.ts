// The text of a version, in parts: the one around the passage first, the others as somebody reads on.
import { useInfiniteQuery } from '@tanstack/react-query'
import { call, type Output } from '../../../api/call.ts'
import type { Span } from '../../../parts/text/text-shape.ts'
import { firstPart, nextPart, previousPart } from './text-window.ts'

export type DocumentPart = Output<'retrieve_document'>

export interface WantedText {
  readonly documentId: string
  readonly version: number | undefined
  readonly passage: Span | undefined
}

export function useDocumentText({ documentId, version, passage }: WantedText) {
  return useInfiniteQuery({
    queryKey: ['retrieve_document', 'parts', documentId, version, passage],
    queryFn: ({ pageParam, signal }): Promise<DocumentPart> =>
      call(
        'retrieve_document',
        { document_id: documentId, ...(version === undefined ? {} : { version }), ...pageParam },
        signal,
      ),
    initialPageParam: firstPart(passage),
    getNextPageParam: (last: DocumentPart) => nextPart(last.start + last.content.length, last.characters),
    getPreviousPageParam: (first: DocumentPart) => previousPart(first.start),
    // A version never changes; that another has become the current one is told by the head of the page.
    staleTime: 60_000,
  })
}

export type DocumentText = ReturnType<typeof useDocumentText>
