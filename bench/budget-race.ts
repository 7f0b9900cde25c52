// `npm run bench -- budget-race [--calls 100,1000] [--processes 1,3] [--seconds 5] [--json] [--write]`: many calls at once
// on a budget that ten fit into, on real server processes and PostgreSQL, beside the article's tracker in the same harness;
// and what exact budgets cost in time. Ends with 1 if one call or one nano too many got through. --write: docs too.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { faultsInBooks, windowsOf } from '../tests/harness/money-books.ts'
import { openMoneyField, type MoneyField } from '../tests/harness/money-field.ts'
import { setBudget } from '../tests/harness/money-ground.ts'
import { costOf, limitFor, RACE_PRICE, RACE_USAGE, raceToAsk } from '../tests/harness/money-race.ts'
import { openScriptedModel } from '../tests/harness/scripted-model.ts'
import { raceTracker } from './budget-race/article-tracker.ts'
import { measurePairs, type Pairs } from './budget-race/pairs.ts'
import { startProcesses, type ServerProcesses } from './budget-race/server-processes.ts'

const { values: given } = parseArgs({
  options: {
    calls: { type: 'string', default: '100,1000' },
    processes: { type: 'string', default: '1,3' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const MODEL = 'openai:race'
const FIT = 10n
const sizes = amounts('--calls', given.calls)
const counts = amounts('--processes', given.processes)
const seconds = amounts('--seconds', given.seconds)[0] ?? 5
const load = loadavg()[0] ?? Number.NaN

interface Race {
  readonly who: string
  readonly processes: number
  readonly calls: number
  readonly admitted: number
  readonly overspend_nano: string
  readonly ms: number
  /** What the calls that were not admitted were told. */
  readonly refused: Readonly<Record<string, number>>
}

const races: Race[] = []
const field = await openMoneyField(3, 8)
const model = await openScriptedModel(() => ({ says: ['Outside [1].'], usage: RACE_USAGE }))
const pairs: Pairs[] = []
try {
  await field.asAdmin(
    `insert into app.price (id, model, per_million, origin, created_by)
     values (gen_random_uuid(), $1, $2::jsonb, 'operator', 'bench')`,
    [MODEL, JSON.stringify({ input: Number(RACE_PRICE.input), output: Number(RACE_PRICE.output) })],
  )
  for (const tenants of [1, 50]) pairs.push(await measurePairs(field, { tenants, callers: 16, seconds }))
  pairs.push(await measurePairs(field, { tenants: 1, callers: 1, seconds }))
  for (const processes of counts) await measure(processes)
} finally {
  await model.close()
  await field.close()
}
await report(field)

async function measure(processes: number): Promise<void> {
  // The private half went with the folder of the last processes.
  await field.asAdmin('delete from app.signing_key')
  const servers = await startProcesses(processes, {
    ...field.env,
    OPENAI_BASE_URL: model.url,
    GATEHOUSE_MODEL: MODEL,
  })
  try {
    for (const calls of sizes) {
      races.push(await raceGatehouse(servers, calls))
      const { admitted, ms } = await raceTracker(processes, calls, askModel)
      const refused = { 'over budget': calls - admitted }
      races.push({
        who: 'article',
        processes,
        calls,
        admitted,
        overspend_nano: beyond(admitted),
        ms,
        refused,
      })
    }
  } finally {
    await servers.stop()
  }
}

async function raceGatehouse(servers: ServerProcesses, calls: number): Promise<Race> {
  const processes = servers.urls.length
  const { id, token } = await servers.createTenant(`race-${processes}-${calls}`)
  await setBudget(field.asAdmin, id, { limit: limitFor(FIT) })
  const { ended, ms } = await raceToAsk({ urls: servers.urls, token, calls })
  const [window] = await windowsOf(field.asAdmin, id)
  const wrong = await faultsInBooks(field.asAdmin, id)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  const { admitted = 0, ...refused } = ended
  const over = (window?.spent ?? 0n) - (window?.allowed ?? 0n)
  const overspend_nano = String(over > 0n ? over : 0n)
  return { who: 'Gatehouse', processes, calls, admitted, overspend_nano, ms, refused }
}

/** What the article's callers do between asking and telling: the same model, over the same loopback. */
async function askModel(): Promise<void> {
  const response = await fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'race', messages: [] }),
  })
  await response.text()
}

function beyond(admitted: number): string {
  const over = costOf(BigInt(admitted) - FIT)
  return String(over > 0n ? over : 0n)
}

async function report({ version }: MoneyField): Promise<void> {
  const isWrong = races.some(
    ({ who, admitted, overspend_nano }) =>
      who === 'Gatehouse' && (admitted !== Number(FIT) || overspend_nano !== '0'),
  )
  if (isWrong) process.exitCode = 1
  if (given.json) for (const line of [...races, ...pairs]) console.log(JSON.stringify(line))
  const page = pageOf(version)
  if (!given.json) console.log(page)
  if (given.write) await written(page)
}

function pageOf(version: string): string {
  const cpu = cpus()
  return [
    `PostgreSQL ${version}; ${cpu.length} × ${cpu[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, which the servers, the`,
    `database, the model and the callers share; load before the run ${load.toFixed(1)}.`,
    '',
    '| | processes | calls at once | admitted of 10 | overspend, nano-USD | ms | the others |',
    '|---|--:|--:|--:|--:|--:|---|',
    ...races.map(
      ({ who, processes, calls, admitted, overspend_nano, ms, refused }) =>
        `| ${who} | ${processes} | ${calls} | ${admitted} | ${overspend_nano} | ${ms.toFixed(0)} | ${told(refused)} |`,
    ),
    '',
    '| tenants | callers | reserve + settle a second | p50 ms | p99 ms |',
    '|--:|--:|--:|--:|--:|',
    ...pairs.map(
      ({ tenants, callers, perSecond, p50, p99 }) =>
        `| ${tenants} | ${callers} | ${perSecond.toFixed(0)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`,
    ),
  ].join('\n')
}

function told(refused: Readonly<Record<string, number>>): string {
  return Object.entries(refused)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ')
}

/** Between the two marks of the page: everything else in it is written by hand. */
async function written(tables: string): Promise<void> {
  const page = new URL('../docs/BUDGETS-PROVED.md', import.meta.url)
  const text = await readFile(page, 'utf8')
  const [before, after] = [text.indexOf('<!-- race -->'), text.indexOf('<!-- /race -->')]
  if (before < 0 || after < before) throw new Error('docs/BUDGETS-PROVED.md has lost its marks')
  await writeFile(page, `${text.slice(0, before)}<!-- race -->\n\n${tables}\n\n${text.slice(after)}`)
}

function amounts(name: string, text: string): number[] {
  const values = text.split(',').map(Number)
  if (values.length > 0 && values.every(value => Number.isSafeInteger(value) && value > 0)) return values
  console.error(`budget-race: ${name} ${text} is no list of whole numbers`)
  process.exit(2)
}
