// What leaves an evaluation is safe where it lands: in a spreadsheet, in a picture, on a terminal.
import { expect, test } from 'vitest'
import { score } from '../figures/score.ts'
import { csvOf } from './csv.ts'
import type { Evaluation } from './evaluation.ts'
import { plotOf } from './plot.ts'
import { progressReport } from './progress.ts'
import { tableOf } from './table.ts'

function evaluationOf(text: string, name = 'set'): Evaluation {
  const place = { document_id: 'a', external_id: null, rank: 1, score: 1 }
  const set = {
    folder: name,
    corpus: undefined,
    queries: [{ id: 'q', text }],
    judgements: new Map([['q', new Map([['a', 1]])]]),
    leftOut: {
      queriesWithoutJudgements: 0,
      queriesWithoutRelevant: 0,
      judgedQueriesWithoutText: 0,
      queriesBeyondLimit: 0,
    },
  }
  const ranking = {
    query: text,
    words: [{ ...place, has_vector: true, citation_score: 0 }],
    vectors: [place],
    milliseconds: 1,
  }
  return {
    name,
    set,
    ground: { tenant: 'acme', ask: () => Promise.resolve({}) },
    embeddingModel: 'model',
    unknownJudged: 0,
    figures: score(set, [ranking]),
  }
}

test.for(['=1+1', '+1', '-1', '@sum', '\t=1', ' =1', '\r=1'])('%j is no formula in the CSV', text => {
  expect(csvOf(evaluationOf(text))).toContain(`"q","'${text}",words,1,1,1,1,1,1\r\n`)
})

test('quotes and lines of a query stay in their cell', () => {
  expect(csvOf(evaluationOf('a "b", c\nd'))).toContain('"q","a ""b"", c\nd",words,')
})

test('the picture takes a name for text, whatever is in it', () => {
  const svg = plotOf(evaluationOf('q', '<script>&\u0000]]>'))
  expect(svg).toContain('&lt;script&gt;&amp;\ufffd]]&gt;')
  expect(svg).not.toMatch(/<script|NaN|undefined/)
})

test('the table holds no escape sequence of a name', () => {
  expect(tableOf(evaluationOf('q', '\u001b[2Jset'))).toMatch(/^\\u001b\[2Jset: 1 queries, tenant acme,/)
})

test('progress is a line now and then, and each part’s first and last', () => {
  const written: string[] = []
  let now = 0
  const { progress } = progressReport({ write: text => written.push(text) }, () => now)
  for (const [at, done] of [
    [0, 1],
    [1, 2],
    [10_001, 3],
    [10_002, 4],
  ] as const) {
    now = at
    progress('queries', done, 4)
  }
  expect(written).toEqual(['queries: 1 of 4\n', 'queries: 3 of 4\n', 'queries: 4 of 4\n'])
})
