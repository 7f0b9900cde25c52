// `npm run bench -- [--engine pglite|postgres] [--files N] [--megabytes M] [--only small,large,parsing] [--json]`: how
// fast files go in, what a large one takes in memory and time, and whether other tenants wait for it. All data is generated.
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import manifest from '../package.json' with { type: 'json' }
import { jsonLine, table, type Row } from './figures.ts'
import { openGround, type EngineName, type Ground } from './ingest/ground.ts'
import { largeText } from './ingest/large-text.ts'
import { parsing } from './ingest/parsing.ts'
import { smallFiles } from './ingest/small-files.ts'

const RUNS = 3
const PARTS = ['small', 'large', 'parsing']
const ENGINES: readonly EngineName[] = ['pglite', 'postgres']

const { values: given } = parseArgs({
  options: {
    engine: { type: 'string' },
    files: { type: 'string', default: '2000' },
    megabytes: { type: 'string', default: '20' },
    only: { type: 'string', default: PARTS.join(',') },
    json: { type: 'boolean', default: false },
  },
})
const parts = chosen('--only', given.only.split(','), PARTS)
const engines = chosen('--engine', given.engine === undefined ? ENGINES : [given.engine], ENGINES)
const files = amount('--files', given.files)
const megabytes = amount('--megabytes', given.megabytes)

const rows: Row[] = []
const machine = [
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
  `${Math.round(totalmem() / 1_073_741_824)} GB`,
  `${process.platform} ${process.arch}`,
  `Node ${process.versions.node}`,
  `${manifest.name} ${manifest.version}`,
]
if (parts.includes('parsing')) rows.push(...(await parsing(RUNS)))
for (const engine of engines) {
  if (parts.includes('small')) rows.push(...(await on(engine, ground => smallFiles(ground, files, RUNS))))
  if (parts.includes('large')) rows.push(...(await on(engine, ground => largeText(ground, megabytes, tell))))
}
const date = new Date().toISOString().slice(0, 10)
if (given.json) {
  console.log(JSON.stringify({ date, machine }))
  for (const row of rows) console.log(jsonLine(row))
} else {
  console.log(`${date}, ${machine.join(', ')}\n`)
  console.log(table(rows))
  console.log(
    `\nMedians of ${RUNS} runs; of the large text one run. MB: 1,000,000 bytes. Once more: npm run bench -- ${process.argv.slice(2).join(' ')}`.trimEnd(),
  )
}

/** Past the table or the JSON, which go to standard output alone. */
function tell(text: string): void {
  console.error(text)
}

async function on(engine: EngineName, measure: (ground: Ground) => Promise<Row[]>): Promise<Row[]> {
  const ground = await openGround(engine)
  // Otherwise the database would stay behind.
  const cutOff = (): void => void ground.close().finally(() => process.exit(1))
  process.once('SIGINT', cutOff).once('SIGTERM', cutOff)
  try {
    if (!machine.includes(ground.version)) machine.push(ground.version)
    return await measure(ground)
  } finally {
    process.off('SIGINT', cutOff).off('SIGTERM', cutOff)
    await ground.close()
  }
}

function chosen<Name extends string>(
  option: string,
  names: readonly string[],
  known: readonly Name[],
): Name[] {
  const unknown = names.filter(name => !known.some(one => one === name))
  if (unknown.length > 0) refuse(`${option} takes ${known.join(', ')}`)
  return known.filter(name => names.includes(name))
}

function amount(option: string, text: string): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : refuse(`${option} takes a whole number above 0`)
}

function refuse(why: string): never {
  console.error(`bench: ${why}`)
  process.exit(2)
}
