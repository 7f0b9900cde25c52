// `npm run bench -- tasks [--tasks 500] [--streams 1000] [--workers 1,3] [--rounds 3] [--only starts,ends,streams] [--json] [--write]`:
// how long an accepted task waits for its start, how many come to their end in a second, and what a thousand followers cost,
// on real server processes and PostgreSQL.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import manifest from '../package.json' with { type: 'json' }
import { openMoneyField, type MoneyField } from '../tests/harness/money-field.ts'
import { openScriptedModel, type ScriptedModel } from '../tests/harness/scripted-model.ts'
import { quantile } from './figures.ts'
import { collectLines, markdownTables } from './search/report/lines.ts'
import { a2aClient, type Message } from './tasks/a2a-client.ts'
import { acceptToStart } from './tasks/accept-to-start.ts'
import { manyStreams } from './tasks/many-streams.ts'
import { startTaskServers, type TaskServers } from './tasks/task-servers.ts'
import { tasksToTheirEnd } from './tasks/tasks-to-their-end.ts'

const { values: given } = parseArgs({
  options: {
    tasks: { type: 'string', default: '500' },
    streams: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '1,3' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'starts,ends,streams' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const [tasks = 0] = amounts('--tasks', given.tasks)
const [streams = 0] = amounts('--streams', given.streams)
const [rounds = 0] = amounts('--rounds', given.rounds)
const workers = amounts('--workers', given.workers)
const load = loadavg()[0] ?? Number.NaN
const command = `npm run bench -- tasks ${process.argv.slice(2).join(' ')}`.trimEnd()

/** Of the part about starts: one after the other, they say what they say sooner. */
const PROBES = 100
const MODEL = 'openai:no-op'
const QUESTION = 'When may boats enter the harbour?'
const DOCUMENTS = Array.from(
  { length: 30 },
  (_, at) =>
    `# Rule ${at + 1}\n\nBoats of class ${at + 1} enter the harbour from ${at % 24} o'clock on. They wait outside.`,
)
const KINDS: Readonly<Record<string, (turn: number) => Message>> = {
  'one step, nothing done': turn => ({ workflow: 'one-step', text: `Task ${turn}` }),
  'four steps, nothing done': turn => ({ workflow: 'four-steps', text: `Task ${turn}` }),
  'rag, extractive': turn => ({ workflow: 'rag', text: `${QUESTION} Ask ${turn}` }),
  'rag, a model that answers at once, paid': turn => ({
    workflow: 'rag',
    text: `${QUESTION} Ask ${turn}`,
    data: { model: MODEL },
  }),
}

const lines = collectLines()
const field = await openMoneyField(1, 2)
const model = await openScriptedModel(() => ({
  says: ['They wait outside [1].'],
  usage: { prompt_tokens: 300, completion_tokens: 6 },
}))
try {
  await field.asAdmin(
    `insert into app.price (id, model, per_million, origin, created_by)
     values (gen_random_uuid(), $1, '{"input": 1000000, "output": 4000000}', 'operator', 'bench')`,
    [MODEL],
  )
  if (given.only.includes('starts')) await withServers(['all'], measureStarts)
  if (given.only.includes('ends')) {
    for (const count of workers)
      await withServers(['a2a', ...Array.from({ length: count }, () => 'worker')], servers =>
        measureEnds(servers, count),
      )
  }
  if (given.only.includes('streams')) {
    await measureStreams({ tasks: 1, wakes: 1 })
    await measureStreams({ tasks: streams, wakes: Math.min(streams, 50) })
  }
} finally {
  await model.close()
  await field.close()
}
await report(field)

async function withServers(
  roles: readonly string[],
  measure: (servers: TaskServers) => Promise<void>,
): Promise<void> {
  // The private half went with the folder of the last processes.
  await field.asAdmin('delete from app.signing_key')
  const settings = { ...field.env, ...modelSettings(model) }
  const servers = await startTaskServers({ roles, settings, profileTo: given.profile })
  try {
    await measure(servers)
  } finally {
    await servers.stop()
  }
}

function modelSettings({ url }: ScriptedModel): Record<string, string> {
  return { OPENAI_BASE_URL: url, GATEHOUSE_MODEL: 'extractive' }
}

async function measureStarts(servers: TaskServers): Promise<void> {
  const { token } = await servers.createTenant('starts', [])
  const client = a2aClient(servers.port, token)
  const probe = { workflow: 'four-steps', tasks: PROBES }
  try {
    for (let round = 0; round <= rounds; round++) {
      tell(`starts, round ${round} …`)
      const alone = await acceptToStart(client, field.asAdmin, probe)
      const loading = new AbortController()
      const others = Array.from({ length: 8 }, () => oneAfterTheOther(loading.signal, servers.port, token))
      const beside = await acceptToStart(client, field.asAdmin, probe).finally(() => loading.abort())
      await Promise.all(others)
      // The first only warms up.
      if (round === 0) continue
      for (const [when, { inDatabase, atClient }] of [
        ['one at a time', alone],
        ['eight others, one after the other each', beside],
      ] as const)
        lines.add(
          'From accepted to begun',
          { tasks: when },
          {
            'submitted → working, p50 ms': quantile(inDatabase, 0.5),
            'p99 ms': quantile(inDatabase, 0.99),
            'answered → working arrives, p50 ms': quantile(atClient, 0.5),
            'its p99 ms': quantile(atClient, 0.99),
          },
        )
    }
  } finally {
    client.close()
  }
}

async function oneAfterTheOther(over: AbortSignal, port: number, token: string): Promise<void> {
  const client = a2aClient(port, token)
  while (!over.aborted)
    await client.sendAndFollow({ workflow: 'four-steps', text: 'Another task' }, () => undefined)
  client.close()
}

async function measureEnds(servers: TaskServers, count: number): Promise<void> {
  const { id, token } = await servers.createTenant(`ends-${count}`, DOCUMENTS)
  const client = a2aClient(servers.port, token)
  const { pids } = servers
  try {
    for (const [kind, message] of Object.entries(KINDS)) {
      const batch = { tenantId: id, message, pids }
      await tasksToTheirEnd(client, field.asAdmin, { ...batch, tasks: 50 })
      for (let round = 1; round <= rounds; round++) {
        tell(`${kind}, ${count} workers, round ${round} …`)
        const ended = await tasksToTheirEnd(client, field.asAdmin, { ...batch, tasks })
        lines.add(
          'Tasks a second, to their end',
          { workflow: kind, workers: String(count) },
          {
            'accepted/s': ended.acceptedPerSecond,
            'done/s': ended.endedPerSecond,
            'CPU ms for each': ended.cpuMsPerTask,
          },
        )
      }
    }
  } finally {
    client.close()
  }
}

async function measureStreams({ tasks: followed, wakes }: { tasks: number; wakes: number }): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    tell(`${streams} streams of ${followed} tasks, round ${round} …`)
    // Each round a fresh process: what the round before has grown is not counted.
    await withServers(['all'], async servers => {
      const { id, token } = await servers.createTenant(`streams-${followed}-${round}`, [])
      const client = a2aClient(servers.port, token)
      const [pid = ''] = servers.pids
      const wanted = { tenantId: id, pid, streams, tasks: followed, wakes }
      const { arrivals, ...seen } = await manyStreams(client, field.asAdmin, wanted)
      client.close()
      lines.add(
        'Followers',
        { streams: `${streams} of ${followed === 1 ? 'one task' : `${followed} tasks`}` },
        {
          'all open, ms': seen.openMs,
          'kB each': seen.kbPerStream,
          'CPU while nothing happens, % of a core': seen.idleCpuPercent,
          'updates arrived': arrivals.length,
          'event → arrival, p50 ms': quantile(arrivals, 0.5),
          'p99 ms': quantile(arrivals, 0.99),
        },
      )
    })
  }
}

async function report({ version }: MoneyField): Promise<void> {
  if (given.json) {
    console.log(JSON.stringify({ machine: machine(version), command }))
    for (const line of lines.all()) console.log(JSON.stringify(line))
  }
  const text = [
    `\`${command}\``,
    machine(version),
    ...[...markdownTables(lines.all())].map(([part, table]) => `**${part}**\n\n${table}`),
  ].join('\n\n')
  if (!given.json) console.log(text)
  if (given.write) await written(text)
}

function machine(version: string): string {
  return [
    new Date().toISOString().slice(0, 10),
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 1_073_741_824)} GB`,
    `load ${load.toFixed(2)} at the start`,
    `Node ${process.versions.node}`,
    `${manifest.name} ${manifest.version}`,
    `PostgreSQL ${version}`,
    'medians of all rounds, in brackets the smallest and the largest',
  ].join(', ')
}

/** Between the two marks of the page: everything else in it is written by hand. */
async function written(text: string): Promise<void> {
  const page = new URL('../docs/BENCHMARKS.md', import.meta.url)
  const all = await readFile(page, 'utf8')
  const [before, after] = [all.indexOf('<!-- tasks -->'), all.indexOf('<!-- /tasks -->')]
  if (before < 0 || after < before) throw new Error('docs/BENCHMARKS.md has lost its marks')
  await writeFile(page, `${all.slice(0, before)}<!-- tasks -->\n\n${text}\n\n${all.slice(after)}`)
}

/** Past the table or the JSON, which go to standard output alone. */
function tell(text: string): void {
  console.error(text)
}

function amounts(name: string, text: string): number[] {
  const values = text.split(',').map(Number)
  if (values.length > 0 && values.every(value => Number.isSafeInteger(value) && value > 0)) return values
  console.error(`tasks: ${name} ${text} is no list of whole numbers above 0`)
  process.exit(2)
}
