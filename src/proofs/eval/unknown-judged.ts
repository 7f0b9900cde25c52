// Judged documents that are not there: a slip in a golden set lowers every figure, in silence.
import type { Ranking } from '../../features/retrieval/rank-documents.ts'
import { fault } from '../../platform/faults.ts'
import type { Ground } from './ground/ground.ts'
import type { EvalSet } from './set/read-set.ts'

/** How many documents the judgements of the asked queries name that the tenant does not have. */
export async function unknownJudged(
  ground: Ground,
  set: EvalSet,
  rankings: readonly Ranking[],
  signal: AbortSignal,
): Promise<number> {
  const judged = new Set(set.queries.flatMap(({ id }) => [...(set.judgements.get(id)?.keys() ?? [])]))
  if (ground.loaded !== undefined) return [...judged].filter(id => !ground.loaded?.ids.has(id)).length
  for (const { words, vectors } of rankings) for (const row of [...words, ...vectors]) strike(judged, row)
  for await (const row of documents(ground, signal)) {
    if (judged.size === 0) break
    strike(judged, row)
  }
  return judged.size
}

interface Named {
  readonly document_id: string
  readonly external_id?: string | null
}

function strike(judged: Set<string>, { document_id, external_id }: Named): void {
  judged.delete(document_id)
  if (typeof external_id === 'string') judged.delete(external_id)
}

async function* documents({ ask }: Ground, signal: AbortSignal): AsyncGenerator<Named> {
  let cursor: unknown
  do {
    if (signal.aborted) throw fault('cancelled')
    const page = await ask(
      'list_documents',
      { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
      signal,
    )
    yield* page['documents'] as Named[]
    cursor = page['next_cursor']
  } while (cursor !== undefined)
}
