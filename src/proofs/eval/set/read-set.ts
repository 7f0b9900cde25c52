// A test collection without its documents: the queries that can be judged, and their judgements.
import { z } from 'zod'
import { fault } from '../../../platform/faults.ts'
import { findFiles } from './find-files.ts'
import { badLine } from './lines.ts'
import { readJudgements, type Judgements } from './read-judgements.ts'
import { records } from './records.ts'

export interface SetQuery {
  readonly id: string
  readonly text: string
}

export interface EvalSet {
  readonly folder: string
  readonly corpus: string | undefined
  /** Those with a relevant document, in the order of their file. */
  readonly queries: readonly SetQuery[]
  /** Of all queries. */
  readonly judgements: Judgements
  readonly leftOut: LeftOut
}

/** What was not asked, and why. */
export interface LeftOut {
  readonly queriesWithoutJudgements: number
  /** Judged, but no document is relevant: there is nothing to find. */
  readonly queriesWithoutRelevant: number
  /** Judged, but the queries' file does not have them. */
  readonly judgedQueriesWithoutText: number
  /** Beyond --limit-queries. */
  readonly queriesBeyondLimit: number
}

/** BEIR writes strings, others numbers. */
export const id = z.union([z.string().min(1), z.int()]).transform(String)

const Query = z.object({ _id: id, text: z.string().regex(/\S/, 'must not be blank').max(10_000) })

export async function readSet(folder: string, limit = Number.POSITIVE_INFINITY): Promise<EvalSet> {
  const files = await findFiles(folder)
  const judgements = await readJudgements(files.judgements)
  const all = await readQueries(files.queries)
  const judged = all.filter(query => judgements.has(query.id))
  const answerable = judged.filter(query => hasRelevant(judgements, query.id))
  if (answerable.length === 0) {
    throw fault('invalid_input', {
      reason: 'nothing_to_ask',
      say: `No query of ${files.queries} has a relevant document in ${files.judgements}: are the ids the same?`,
    })
  }
  const queries = answerable.slice(0, limit)
  return {
    folder,
    corpus: files.corpus,
    queries,
    judgements,
    leftOut: {
      queriesWithoutJudgements: all.length - judged.length,
      queriesWithoutRelevant: judged.length - answerable.length,
      judgedQueriesWithoutText: judgements.size - judged.length,
      queriesBeyondLimit: answerable.length - queries.length,
    },
  }
}

async function readQueries(file: string): Promise<SetQuery[]> {
  const queries = new Map<string, SetQuery>()
  for await (const { number, value } of records(file, Query)) {
    if (queries.has(value._id))
      throw badLine(file, number, `the _id ${JSON.stringify(value._id)} comes twice`)
    queries.set(value._id, { id: value._id, text: value.text })
  }
  return [...queries.values()]
}

function hasRelevant(judgements: Judgements, query: string): boolean {
  return [...(judgements.get(query)?.values() ?? [])].some(grade => grade > 0)
}
