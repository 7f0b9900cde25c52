// `npm run bench -- search [--dimension 1536] [--also 384] [--quick] [--growth] [--profile] …`: how fast searches are in the
// database and over MCP, beside the article's SQL on the same rows, and whether they find what they should. Writes
// docs/PERFORMANCE.md and its plot when all of it was run, or when it is given --write.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { sectionIn } from './neighbour/page-section.ts'
import { openSearchGround, type SearchGround } from './search/ground/search-ground.ts'
import { searchAsArticle } from './search/measure/article-sql.ts'
import { measureExactness } from './search/measure/exactness.ts'
import { measureGrowth } from './search/measure/growth.ts'
import { searchInDatabase } from './search/measure/in-database.ts'
import { searchOverMcp } from './search/measure/over-mcp.ts'
import { measuredTenants, sizeOf } from './search/measure/questions.ts'
import { measureSizes } from './search/measure/sizes.ts'
import { measureVisibility } from './search/measure/visibility.ts'
import { collectLines, markdownTables, type Lines } from './search/report/lines.ts'
import { page, ratios, type Run } from './search/report/page.ts'
import { plot } from './search/report/plot.ts'
import { addProfile } from './search/report/profile-shares.ts'

const { values: given } = parseArgs({
  options: {
    dimension: { type: 'string', default: '1536' },
    also: { type: 'string' },
    chunks: { type: 'string', default: '100000' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    only: { type: 'string' },
    fresh: { type: 'boolean', default: false },
    'as-it-is': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const PARTS = ['sizes', 'exactness', 'visibility', 'database', 'article', 'mcp'] as const
const dimension = amount('--dimension', given.dimension)
const chunks = amount('--chunks', given.chunks)
const rounds = amount('--rounds', given.rounds ?? (given.quick ? '1' : '3'))
const parts = chosen(given.only)
const seconds = given.quick ? 1 : 2
const connections = given.quick ? [1, 8] : [1, 2, 8, 32, 100]
const load = loadavg()[0] ?? Number.NaN
const lines = collectLines()
const options = { dimension, chunks, fresh: given.fresh, asItIs: given['as-it-is'], tell }

const also = given.also === undefined ? undefined : amount('--also', given.also)
const isWhole = !given.quick && given.only === undefined && chunks === 100_000

const ground = await openSearchGround(options)
try {
  await measure(ground)
} finally {
  await ground.database.close()
}
if (also !== undefined) await measureAlso(also)
if (given.growth)
  await measureGrowth(
    { ...options, neighbours: given.quick ? [0, 100] : [0, 100, 1_000], seconds, rounds },
    lines,
  )
await report(ground)

async function measure(on: SearchGround): Promise<void> {
  if (parts.includes('sizes')) await told('sizes', () => measureSizes(on, lines))
  if (parts.includes('exactness'))
    await told('what is found', () => measureExactness(on, given.quick ? 10 : 30, lines))
  if (parts.includes('visibility'))
    await told('access lists', () =>
      measureVisibility(on, { questions: given.quick ? 10 : 30, seconds, rounds }, lines),
    )
  for (let round = 1; round <= rounds; round++) {
    if (parts.includes('database'))
      await told(`in the database, round ${round}`, () =>
        searchInDatabase(on, { connections, rates: given.quick ? [50] : [50, 200, 500], seconds }, lines),
      )
    if (parts.includes('article'))
      await told(`the article's SQL, round ${round}`, () =>
        searchAsArticle(on, { connections: [1, 8], seconds }, lines),
      )
    if (parts.includes('mcp'))
      await told(`over MCP, round ${round}`, () =>
        searchOverMcp(
          on,
          { connections, seconds, recipeSeconds: given.quick ? 5 : 8, isProfiled: false },
          lines,
        ),
      )
  }
  if (!given.profile) return
  await told('over MCP, profiled', async () => {
    const plan = { connections: [8], seconds: 5, recipeSeconds: 0, isProfiled: true }
    const profile = await searchOverMcp(on, plan, collectLines())
    if (profile !== undefined) addProfile(profile, lines)
  })
}

/** What the number of dimensions changes, for another one; in tables of its own. */
async function measureAlso(other: number): Promise<void> {
  const on = await openSearchGround({ ...options, dimension: other })
  const apart: Lines = {
    ...lines,
    add: (part, ...line) => lines.add(`${part}, ${other} dimensions`, ...line),
  }
  try {
    await told(`${other} dimensions`, async () => {
      await measureExactness(on, given.quick ? 10 : 30, apart)
      for (let round = 1; round <= rounds; round++)
        await searchInDatabase(on, { connections: [1, 8], rates: [], seconds }, apart)
    })
  } finally {
    await on.database.close()
  }
}

async function report({ database, tenants }: SearchGround): Promise<void> {
  const machine = [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 1_073_741_824)} GB`,
    `load ${load.toFixed(2)} at the start`,
    `Node ${process.versions.node}`,
    `${manifest.name} ${manifest.version}`,
    `${database.version} (shared_buffers ${database.sharedBuffers})`,
  ].join(', ')
  const run: Run = {
    lines: lines.all(),
    machine,
    command: `npm run bench -- search ${process.argv.slice(2).join(' ')}`.trimEnd(),
    chunks,
    dimension,
    rounds,
    tenants: measuredTenants({ tenants }).map(sizeOf),
    notRun: notRun(),
  }
  if (given.json) {
    console.log(
      JSON.stringify({ machine, command: run.command, chunks, dimension, rounds, notRun: run.notRun }),
    )
    for (const line of run.lines) console.log(JSON.stringify(line))
  } else {
    console.log(`${machine}\n`)
    for (const [part, table] of markdownTables(run.lines)) console.log(`${part}\n\n${table}\n`)
    console.log(ratios(run).join('\n'))
  }
  if (!given.write && !isWhole) return
  const docs = (name: string): string => fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
  const before = await readFile(docs('PERFORMANCE.md'), 'utf8').catch(() => '')
  await writeFile(docs('PERFORMANCE.md'), `${page(run)}${sectionIn(before)}`)
  await writeFile(docs('performance.svg'), plot(run.lines, run.tenants))
  tell('wrote docs/PERFORMANCE.md and docs/performance.svg')
}

function notRun(): string[] {
  const left = PARTS.filter(part => !parts.includes(part)).map(part => `the part "${part}"`)
  return [
    ...left,
    ...(given.growth ? [] : ['growth (--growth)']),
    ...(given.profile ? [] : ['the profile (--profile)']),
    ...(also === undefined ? ['vectors of other dimensions (--also 384)'] : []),
    "the article's SQL on several connections for the largest tenant",
    'the article’s Go server; client, server and database on machines of their own; a real embedding model',
  ]
}

async function told(what: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now()
  tell(`${what} …`)
  await run()
  tell(`${what}: ${((performance.now() - begun) / 1_000).toFixed(0)} s`)
}

/** Past the tables or the JSON, which go to standard output alone. */
function tell(text: string): void {
  console.error(text)
}

function chosen(text: string | undefined): readonly string[] {
  if (text === undefined) return PARTS
  const names = text.split(',')
  return names.every(name => PARTS.some(part => part === name))
    ? names
    : refuse(`--only takes ${PARTS.join(', ')}`)
}

function amount(option: string, text: string): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : refuse(`${option} takes a whole number above 0`)
}

function refuse(why: string): never {
  console.error(`bench: ${why}`)
  process.exit(2)
}
