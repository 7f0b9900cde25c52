// What stands at places in documents, many in one exchange: for who quotes them and checks that it is so.
import type { ReadCall } from '../../../gate/call.ts'
import { sqlFile } from '../../../platform/db/statements.ts'

export interface Place {
  readonly doc_id: string
  readonly document_version: number
  /** In UTF-16 code units of the version's text; the end is exclusive. */
  readonly start: number
  readonly end: number
}

type Wanted = {
  tenant_id: string
  documents: string[]
  versions: number[]
  starts: number[]
  ends: number[]
}
interface Row {
  readonly place: number
  readonly start_at: number
  readonly content: string
}
const pieces = sqlFile<Wanted, Row>(import.meta.url, './read-places.sql')

/** The texts, in the order of the places; undefined where the caller cannot read the document or its version by now. */
export async function readPlaces(
  call: ReadCall,
  places: readonly Place[],
): Promise<readonly (string | undefined)[]> {
  if (places.length === 0) return []
  const wanted = {
    tenant_id: call.principal.tenantId,
    documents: places.map(({ doc_id }) => doc_id),
    versions: places.map(({ document_version }) => document_version),
    starts: places.map(({ start }) => start),
    ends: places.map(({ end }) => end),
  }
  const rows = await call.read(tx => tx.all(pieces(wanted)))
  return places.map(({ start, end }, at) => {
    const own = rows.filter(({ place }) => Number(place) === at + 1)
    const first = own[0]?.start_at
    return first === undefined
      ? undefined
      : own
          .map(({ content }) => content)
          .join('')
          .slice(start - first, end - first)
  })
}
