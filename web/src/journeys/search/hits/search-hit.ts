// A hit as the server answers it.
import type { Output } from '../../../api/call.ts'

export type SearchAnswer = Output<'hybrid_search'>
export type SearchHit = SearchAnswer['hits'][number]
