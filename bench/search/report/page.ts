// docs/PERFORMANCE.md, out of what a run has found and nothing else.
import { ARTICLE, SEARCHES } from '../measure/article-sql.ts'
import { EXACTNESS } from '../measure/exactness.ts'
import { GROWTH } from '../measure/growth.ts'
import { CLOSED, FIXED } from '../measure/in-database.ts'
import { MEMORY, OVER_MCP, RECIPE } from '../measure/over-mcp.ts'
import { SIZES } from '../measure/sizes.ts'
import { digits, markdownTables, medianOf, type Line } from './lines.ts'
import { PROFILE } from './profile-shares.ts'

export interface Run {
  readonly lines: readonly Line[]
  /** "2026-11-21, 2 cores, …" */
  readonly machine: string
  /** As it was typed. */
  readonly command: string
  readonly chunks: number
  readonly dimension: number
  readonly rounds: number
  /** Cells of the measured tenants, largest first. */
  readonly tenants: readonly string[]
  readonly notRun: readonly string[]
}

/** In the order of the page, with what one has to know to read the table. */
const PARTS: readonly (readonly [part: string, says: string])[] = [
  [
    CLOSED,
    'The four statements of `hybrid_search` in one transaction, through the application’s own pool, as the application role under row-level security and the tenant’s seal. So many callers, each asks again at once.',
  ],
  [
    FIXED,
    'Searches fall due at a fixed rate on 8 connections and are timed from when they were due: a queue shows. Rates beyond nine tenths of what got through above are left out.',
  ],
  [
    ARTICLE,
    'The two searches that the article prints, unchanged, on its own table with the same rows and indexes, as a role that row-level security binds.',
  ],
  [
    EXACTNESS,
    'Against the cosine of every vector and the BM25 of every chunk, reckoned by the bench from the texts and vectors themselves. A fused answer takes its ten from two lists of ten, so neither share can be 1 for long; the last two columns are of the branches alone.',
  ],
  [
    OVER_MCP,
    '`tools/call` of `hybrid_search` at a server process of its own: token, gate, the query’s vector from a server on loopback, database, audit; each question new. CPU is the processor time of one search, by process.',
  ],
  [
    RECIPE,
    'The article’s `hey -n 10000 -c 100`, on the smallest tenant (the article prints 503.98 requests/s for its search by this recipe, and 5,247 as its benchmark): a call that touches no data, and one search again and again. Loads end after the time limit, hence fewer requests.',
  ],
  [MEMORY, 'Resident.'],
  [
    PROFILE,
    'Self time by package and part of the source, of a server under the loads over MCP, in percent of the time that it worked.',
  ],
  [GROWTH, 'The same tenant while others are added, of 100 chunks each.'],
  [SIZES, 'Of the prepared database.'],
]

export function page(run: Run): string {
  const tables = markdownTables(run.lines)
  const sections = PARTS.flatMap(([part, says]) => {
    const table = tables.get(part)
    const others = [...tables].filter(
      ([name]) => name.startsWith(`${part}, `) && name.endsWith(' dimensions'),
    )
    const further = others.flatMap(([name, other]) => [`### ${name}`, other])
    return table === undefined ? further : [`## ${part}`, says, table, ...further]
  })
  return `${[
    '# Performance',
    'Written by the benchmark itself (bench/search.ts): every figure is of the run named here.',
    `NOT RUN: ${run.notRun.join('; ')}.`,
    `\`${run.command}\``,
    run.machine,
    `${run.chunks.toLocaleString('en-US')} chunks of ${run.dimension} dimensions in 20 tenants whose sizes follow Zipf's law, each chunk a document of 80 to 200 words; a question is 3 to 6 words of a document and a vector near its own. ` +
      `Database, server and client share the machine. ${run.rounds === 1 ? 'One round.' : `Medians of ${run.rounds} rounds, in brackets the smallest and the largest.`}`,
    ...ratios(run),
    '![Median time of one search by size of the tenant](performance.svg)',
    ...sections,
  ].join('\n\n')}\n`
}

/** What the tables come to: how much faster than the article's SQL, and how much of the database's throughput is left. */
export function ratios({ lines, tenants }: Pick<Run, 'lines' | 'tenants'>): string[] {
  const said: string[] = []
  for (const tenant of tenants) {
    const ours = medianOf(lines, CLOSED, { tenant, connections: '1' }, 'p50 ms')
    for (const search of Object.keys(SEARCHES)) {
      const theirs = medianOf(lines, ARTICLE, { search, tenant, connections: '1' }, 'p50 ms')
      if (ours === undefined || theirs === undefined) continue
      said.push(
        `${tenant}, one connection: ${digits(theirs / ours)} times as fast as the article's ${search} (${digits(ours)} and ${digits(theirs)} ms).`,
      )
    }
    const [inside, outside] = [CLOSED, OVER_MCP].map(part => peak(lines, part, tenant))
    if (inside !== undefined && outside !== undefined)
      said.push(
        `${tenant}, most searches a second: ${digits(inside)} in the database, ${digits(outside)} over MCP (${Math.round((100 * outside) / inside)} %).`,
      )
  }
  return said.length === 0 ? [] : [said.map(line => `- ${line}`).join('\n')]
}

function peak(lines: readonly Line[], part: string, tenant: string): number | undefined {
  const rates = lines
    .filter(line => line.part === part && line.cells['tenant'] === tenant)
    .map(line => medianOf([line], part, {}, 'q/s') ?? 0)
  return rates.length === 0 ? undefined : Math.max(...rates)
}
