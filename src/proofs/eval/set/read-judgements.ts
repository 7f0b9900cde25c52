// Which documents people judged for which query: BEIR's three columns (query, document, grade; under a header), or
// TREC's four (query, anything, document, grade).
import { badLine, lines } from './lines.ts'

/** By query, then by document. Above 0 is relevant, the more the better; 0 and below are judged, and not relevant. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>

/** A pair that is judged twice keeps the later grade, as in trec_eval's own files none is. */
export async function readJudgements(file: string): Promise<Judgements> {
  const judgements = new Map<string, Map<string, number>>()
  let isFirst = true
  for await (const { number, text } of lines(file)) {
    const wasFirst = isFirst
    isFirst = false
    const columns = columnsOf(text)
    if (columns.length !== 3 && columns.length !== 4)
      throw badLine(
        file,
        number,
        `has ${columns.length} columns: 3 (query, document, grade) or 4 (TREC) are read`,
      )
    const query = columns[0] ?? ''
    const document = columns.at(-2) ?? ''
    const said = columns.at(-1) ?? ''
    if (!/^[+-]?\d{1,9}$/.test(said)) {
      if (wasFirst) continue
      throw badLine(file, number, `the grade ${JSON.stringify(said.slice(0, 40))} is not a whole number`)
    }
    const graded = judgements.get(query) ?? new Map<string, number>()
    judgements.set(query, graded.set(document, Number(said)))
  }
  return judgements
}

/** An id may hold spaces where tabs divide. */
function columnsOf(text: string): string[] {
  return text.includes('\t') ? text.split('\t').map(column => column.trim()) : text.trim().split(/\s+/)
}
