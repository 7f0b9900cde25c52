// The newest documents: what can be chosen from them, and which one may be meant.
import { useQuery } from '@tanstack/react-query'
import { call, type Output } from '../../../api/call.ts'
import type { ApiProblem } from '../../../api/problem.ts'

export interface Documents {
  readonly documents: Output<'list_documents'>['documents']
  /** False where there are more than were looked at. */
  readonly isWhole: boolean
}

const PAGE = 100
const MOST_PAGES = 5
const FRESH_MS = 60_000

/** `pages`: how many hundred at most. */
export function useDocuments(isWanted: boolean, pages = MOST_PAGES) {
  return useQuery<Documents, ApiProblem>({
    queryKey: ['list_documents', 'newest', pages],
    queryFn: ({ signal }) => newest(pages, signal),
    enabled: isWanted,
    staleTime: FRESH_MS,
  })
}

async function newest(pages: number, signal: AbortSignal): Promise<Documents> {
  const documents: Output<'list_documents'>['documents'][number][] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const got = await call('list_documents', { limit: PAGE, ...(cursor !== undefined && { cursor }) }, signal)
    documents.push(...got.documents)
    cursor = got.next_cursor
    if (cursor === undefined) return { documents, isWhole: true }
  }
  return { documents, isWhole: false }
}
