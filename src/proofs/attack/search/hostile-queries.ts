// IN01–IN07: texts that another search engine would take for code.
import { type Attack, each, judged, type Problem } from '../attack.ts'
import type { Ground } from '../ground/ground.ts'
import { refusedArguments } from '../wire/mcp-messages.ts'

/** A problem unless the query is answered like any other: 200, no error, nothing of B. */
async function justText({ a, b, mcp }: Ground, args: Record<string, unknown>): Promise<Problem> {
  const { status, isError, output, body } = await mcp.call('hybrid_search', args, a.token)
  const what = JSON.stringify(args).slice(0, 60)
  if (body.includes(b.secret)) return `${what} showed tenant B`
  if (status === 200 && !isError) return undefined
  return output['code'] === 'invalid_input' ? undefined : `${what} got ${status} / ${String(output['code'])}`
}

function texts(id: string, title: string, queries: readonly string[]): Attack {
  return {
    id,
    title,
    run: async ground =>
      judged(await each(queries, query => justText(ground, { query })), 'taken as text, or refused as input'),
  }
}

function refused(id: string, title: string, args: readonly string[]): Attack {
  return {
    id,
    title,
    run: async ground =>
      judged(await each(args, one => refusedArguments(ground, one)), 'refused as invalid input'),
  }
}

export const hostileQueries: readonly Attack[] = [
  texts('IN01', 'operators of a query language, quotes, SQL', [
    "a & ‖ b'",
    ':*',
    'heron <-> marsh',
    "'); drop table app.document;--",
    '"unbalanced',
    '!!!(((&&&',
    '\\',
    '-- ; /* */',
  ]),
  {
    id: 'IN02',
    title: 'SQL in the key of a filter',
    run: async ground =>
      judged(
        await each(["x') or true--", "a'||pg_sleep(5)||'", '$where', 'constructor'], key =>
          justText(ground, { query: 'heron', filter: { metadata: { [key]: 1 } } }),
        ),
        'a key is data',
      ),
  },
  refused('IN03', 'sort orders and operators that are not offered', [
    '{"query":"heron","sort":"title; select pg_sleep(5)"}',
    '{"query":"heron","filter":{"$where":"true"}}',
    '{"query":"heron","filter":{"metadata":{"a":{"$gt":1}}}}',
    '{"query":"heron","order_by":"1"}',
  ]),
  texts('IN04', 'patterns that a LIKE or a regular expression would choke on', [
    '%'.repeat(5_000),
    `"${'%_'.repeat(2_000)}"`,
    `${'(a+)+'.repeat(500)}$`,
    `"${'a '.repeat(3_000)}"`,
  ]),
  {
    id: 'IN05',
    title: 'NUL, lone surrogates and controls in texts',
    async run(ground) {
      const { a, mcp } = ground
      const odd = ['heron\u0000marsh', '\ud800heron', '\u0001\u0002', '\u202eheron\u200b']
      const problems = await each(odd, query => justText(ground, { query }))
      for (const text of odd) {
        const { status, output } = await mcp.call(
          'add_document',
          { title: `odd ${text}`, content: `heron ${text}` },
          a.token,
        )
        problems.push(
          status === 200 && output['code'] !== 'internal'
            ? undefined
            : `a document with ${JSON.stringify(text)} got ${status}`,
        )
      }
      return judged(problems, 'cleaned or refused, never an internal error')
    },
  },
  refused('IN06', 'weights and vectors that are no numbers', [
    '{"query":"heron","bm25_weight":-1}',
    '{"query":"heron","vector_weight":1e400}',
    '{"query":"heron","vector_weight":"NaN"}',
    '{"query":"heron","vector":[1,2,3]}',
    '{"query":"heron","bm25_weight":1e9}',
  ]),
  {
    id: 'IN07',
    title: 'a query of thousands of words',
    async run(ground) {
      const words = (count: number, length: number) =>
        Array.from({ length: count }, (_, n) => `w${n.toString(36)}`.slice(0, length)).join(' ')
      const problems = await each([words(1_900, 6), words(1_000, 8)], query => justText(ground, { query }))
      const { status, isError } = await ground.mcp.call(
        'hybrid_search',
        { query: words(5_000, 8) },
        ground.a.token,
      )
      problems.push(status === 200 && isError ? undefined : `5,000 words got ${status} and were taken`)
      return judged(problems, 'bounded')
    },
  },
]
