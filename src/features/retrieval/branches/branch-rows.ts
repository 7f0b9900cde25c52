// What both branches of a search answer, and what both can be narrowed by.
import type { Phrase } from '../query/phrase-pattern.ts'
import { vectorTable } from '../../../platform/models/vector-table.ts'
import { statementOf } from '../../../platform/db/statements.ts'

/** Documents that each branch may bring into the fusion; the largest answer asks for as many. */
export const CANDIDATES = 50

export interface BranchRow {
  readonly rank: number
  /** BM25, or cosine similarity. */
  readonly score: number
  readonly document_id: string
  readonly title: string
  readonly language: string
  readonly chunk_id: string
  readonly version: number
  readonly start_at: number
  readonly end_at: number
  /** Pages the passage starts and ends on; null in a document without pages. */
  readonly page: number | null
  readonly last_page: number | null
  readonly heading: string
  readonly content: string
}

export interface Narrowing {
  /** The number of the model whose vectors are searched; none when left out, and then no document has one. */
  readonly model?: number
  /** What the documents must be like, as `app.matching_versions` takes it; null or left out: anything. */
  readonly conditions?: string | null
  /** Each must stand in the passage, its headings or its title. */
  readonly phrases?: readonly Phrase[]
  /** Documents that hold one of these are left out. */
  readonly excluded?: readonly Phrase[]
  /** Documents at most; as many as come into the fusion when left out. */
  readonly candidates?: number
}

type Compiled<Row> = ReturnType<typeof statementOf<Row>>

/** The files are written for the first model's table, so that psql runs them as they are. */
export function onVectorsOf<Row>(model: number, { sql, parameters }: Compiled<Row>): Compiled<Row> {
  return statementOf(sql.replaceAll(/app\.vector_1\b/g, vectorTable(model)), parameters)
}
