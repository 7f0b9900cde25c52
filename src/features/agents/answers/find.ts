// The search that answers are made from: hybrid_search, by words and by likeness alike.
import type { ReadCall } from '../../../gate/call.ts'
import type { hybridSearch } from '../../retrieval/hybrid-search.ts'
import type { RunInside } from '../workflows/run-inside.ts'

/** What hybrid_search answers. */
export type Found = Awaited<ReturnType<ReturnType<typeof hybridSearch>['run']>>
export type Hit = Found['hits'][number]

export async function find(
  runInside: RunInside,
  call: ReadCall,
  { question, limit }: { readonly question: string; readonly limit: number },
): Promise<Found> {
  const input = { query: plain(question), limit, bm25_weight: 0.5, vector_weight: 0.5 }
  return (await runInside(call, 'hybrid_search', input)) as unknown as Found
}

/** A question is no query: a dash or quotes in it are no commands to the search. */
function plain(question: string): string {
  return question.replaceAll(/(^|\s)-+(?=\S)/g, '$1').replaceAll(/["“”]/g, ' ')
}
