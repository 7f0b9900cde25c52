// `npm run bench -- neighbour [--connections 64] [--rate 10] [--seconds 10] [--rounds 3] [--write] [--json]`: how long one tenant's
// searches take alone and while another tenant floods the same server process, on PostgreSQL.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import manifest from '../package.json' with { type: 'json' }
import { median, quantile } from './figures.ts'
import { asker } from './neighbour/asker.ts'
import { withSection } from './neighbour/page-section.ts'
import { startFlood, type RunningFlood } from './neighbour/start-flood.ts'
import { openSearchGround, type SearchGround } from './search/ground/search-ground.ts'
import { openLoop } from './search/measure/loops.ts'
import { questionsOf, sizeOf, type Question, type Tenant } from './search/measure/questions.ts'
import { collectLines, digits, markdownTables } from './search/report/lines.ts'
import { embeddingStub } from './search/wire/embedding-stub.ts'
import { startServer, type ServerProcess } from './search/wire/server-process.ts'

const { values: given } = parseArgs({
  options: {
    connections: { type: 'string', default: '64' },
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    chunks: { type: 'string', default: '10000' },
    'as-it-is': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const connections = amount('--connections', given.connections)
const rate = amount('--rate', given.rate)
const seconds = amount('--seconds', given.seconds)
const rounds = amount('--rounds', given.rounds)
const chunks = amount('--chunks', given.chunks)
const load = loadavg()[0] ?? Number.NaN
const command = `npm run bench -- neighbour ${process.argv.slice(2).join(' ')}`.trimEnd()

/** Enough that none comes twice within what a cache would keep. */
const QUESTIONS = 2_000
const POLITE_CONNECTIONS = 8
/** As it comes out of the box; and with no limit that would turn the flood away: then sharing is all that is left. */
const SERVERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'as shipped': {
    GATEHOUSE_RATE_PER_SECOND: '100',
    GATEHOUSE_RATE_BURST: '200',
    GATEHOUSE_CONCURRENT_PER_ADDRESS: '256',
    GATEHOUSE_CONCURRENT_PER_TENANT: '64',
  },
  'no limits': {},
}

const lines = collectLines()
const ratios = new Map<string, { p50: number[]; p99: number[] }>()
const ground = await openSearchGround({
  dimension: 384,
  chunks,
  fresh: false,
  asItIs: given['as-it-is'],
  tell,
})
try {
  for (const [name, settings] of Object.entries(SERVERS)) await measureServer(name, settings)
} finally {
  await ground.database.close()
}
await report()

async function measureServer(name: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const stub = await embeddingStub()
  const { database } = ground
  const server = await startServer({ database, embeddingUrl: stub.url, isProfiled: false, settings })
  try {
    const [large, small] = tenantsOf(ground)
    const asked = {
      large: questionsOf(ground, large, QUESTIONS),
      small: questionsOf(ground, small, QUESTIONS),
    }
    stub.plan([...asked.large, ...asked.small])
    // From an address of its own: the limit on strangers would else be the same for both.
    const flooder = {
      port: server.port,
      token: await server.token(large.slug),
      questions: texts(asked.large),
      connections,
      from: '127.0.0.2',
    }
    for (let round = 1; round <= rounds; round++) {
      tell(`${name}, round ${round} …`)
      await measureRound(name, { server, small, questions: texts(asked.small), flooder })
    }
  } finally {
    await server.stop()
    stub.close()
  }
}

interface Round {
  readonly server: ServerProcess
  readonly small: Tenant
  readonly questions: readonly string[]
  readonly flooder: Parameters<typeof startFlood>[0]
}

async function measureRound(name: string, { server, small, questions, flooder }: Round): Promise<void> {
  const token = await server.token(small.slug)
  const polite = await asker({ port: server.port, token, questions, connections: POLITE_CONNECTIONS })
  const timed = async (forSeconds: number): Promise<readonly number[]> => {
    const problems: unknown[] = []
    const { latencies } = await openLoop({ rate, seconds: forSeconds }, async () => {
      // Kept until the end: thrown here, it would leave the server and the flood behind.
      const isAnswered = await polite.search().catch((error: unknown) => void problems.push(error))
      if (isAnswered === false) problems.push(new Error('the tenant that asks politely was refused'))
    })
    if (problems.length > 0) throw problems[0]
    return latencies
  }
  let flood: RunningFlood | undefined
  try {
    // Each connection once: the server closes one on which nothing is asked.
    await Promise.all(Array.from({ length: POLITE_CONNECTIONS }, () => polite.search()))
    await timed(2)
    const alone = await timed(seconds)
    flood = await startFlood(flooder)
    await timed(2)
    const beside = await timed(seconds)
    add(name, 'alone', alone)
    add(name, 'beside the flood', beside, await flood.stop())
    const ratio = ratios.get(name) ?? { p50: [], p99: [] }
    ratio.p50.push(quantile(beside, 0.5) / quantile(alone, 0.5))
    ratio.p99.push(quantile(beside, 0.99) / quantile(alone, 0.99))
    ratios.set(name, ratio)
  } finally {
    flood?.end()
    polite.close()
  }
}

function add(
  server: string,
  when: string,
  latencies: readonly number[],
  flood: { answered: number; refused: number } = { answered: 0, refused: 0 },
): void {
  lines.add(
    'A tenant beside a flood',
    { server, 'the other tenant': when },
    {
      'p50 ms': quantile(latencies, 0.5),
      'p95 ms': quantile(latencies, 0.95),
      'p99 ms': quantile(latencies, 0.99),
      'flood answered/s': flood.answered,
      'flood refused/s': flood.refused,
    },
  )
}

async function report(): Promise<void> {
  if (given.json) {
    console.log(JSON.stringify({ machine: machine(), command, connections, rate, seconds, rounds }))
    for (const line of lines.all()) console.log(JSON.stringify(line))
    for (const [server, ratio] of ratios) console.log(JSON.stringify({ server, ratio }))
    return
  }
  const text = sectionOf()
  console.log(text)
  if (!given.write) return
  const page = fileURLToPath(new URL('../docs/PERFORMANCE.md', import.meta.url))
  await writeFile(page, withSection(await readFile(page, 'utf8'), text))
  tell('wrote its section of docs/PERFORMANCE.md')
}

function sectionOf(): string {
  const [large, small] = tenantsOf(ground)
  return [
    `\`${command}\``,
    machine(),
    `A tenant of ${sizeOf(small)} asks ${rate} searches a second; one of ${sizeOf(large)} floods on ${connections} connections from another address, each asking again at once. ${seconds} s each, medians of ${rounds} rounds, in brackets the smallest and the largest. Server, database and both clients share the machine.`,
    ...markdownTables(lines.all()).values(),
    [...ratios]
      .map(
        ([server, { p50, p99 }]) =>
          `- ${server}: p50 beside the flood is ${spread(p50)} times that alone, p99 ${spread(p99)} times.`,
      )
      .join('\n'),
  ].join('\n\n')
}

function machine(): string {
  return [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 1_073_741_824)} GB`,
    `load ${load.toFixed(2)} at the start`,
    `Node ${process.versions.node}`,
    `${manifest.name} ${manifest.version}`,
    ground.database.version,
  ].join(', ')
}

function spread(values: readonly number[]): string {
  return `${digits(median(values))} (${digits(Math.min(...values))}–${digits(Math.max(...values))})`
}

/** The largest floods, one of a middle size is its neighbour. */
function tenantsOf({ tenants }: SearchGround): [Tenant, Tenant] {
  const [large, small] = [tenants[0], tenants[9]]
  if (large === undefined || small === undefined) throw new Error('the ground has 20 tenants')
  return [large, small]
}

function texts(questions: readonly Question[]): string[] {
  return questions.map(({ text }) => text)
}

/** Past the table or the JSON, which go to standard output alone. */
function tell(text: string): void {
  console.error(text)
}

function amount(option: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  console.error(`bench: ${option} takes a whole number above 0`)
  process.exit(2)
}
