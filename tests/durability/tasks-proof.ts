// `npm run proofs -- tasks`: all scenarios with many seeds, on a database of its own; prints a line for each and a table
// at the end.
import { provisionTenant } from '../../src/features/tenants/storage/provision-tenant.ts'
import { sql } from '../../src/platform/db/statements.ts'
import { uuidv7 } from '../../src/platform/uuid-v7.ts'
import { openMoneyField, type MoneyField } from '../harness/money-field.ts'
import { noBouncer, startBouncer } from '../harness/task-bouncer.ts'
import { openFleet, type Fleet, type Ground } from '../harness/task-fleet.ts'
import { canceled } from './tasks-canceled.ts'
import { deaths } from './tasks-deaths.ts'
import { followed } from './tasks-followed.ts'
import { grantsTaken } from './tasks-grants.ts'
import { askedBeforeRepeating } from './tasks-once.ts'
import { poisoned } from './tasks-poison.ts'
import { sentAtOnce } from './tasks-replicas.ts'
import {
  faultsOf,
  MOST_CANCEL_MS,
  MOST_HANDOVER_MS,
  MOST_RECOVERY_MS,
  type ProofLine,
  type Spread,
} from './tasks-thresholds.ts'
import { turns } from './tasks-turns.ts'
import { outOfMoney, providerAway } from './tasks-waits.ts'

/** Followers that are cut off so often in all, whatever the number of seeds. */
const DISCONNECTS = 1_000

/** Resolves with what was not as promised; empty when everything was. */
export async function proveTasks(seeds: number, print: (text: string) => void): Promise<string[]> {
  const field = await openMoneyField(1, 4)
  const fleet = await openFleet(groundOf(field))
  const lines: ProofLine[] = []
  const wrong: string[] = []
  const tell = (line: ProofLine): void => {
    lines.push(line)
    print(JSON.stringify(line))
    wrong.push(...faultsOf(line, mostFor(line)).map(what => `${line.fault}, seed ${line.seed}: ${what}`))
    const heard = line['heard_ms'] as Spread | undefined
    if (heard !== undefined && heard.max > MOST_CANCEL_MS)
      wrong.push(`${line.fault}, seed ${line.seed}: a step heard of it after ${heard.max} ms`)
  }
  print(`proofs tasks: ${seeds} seeds on PostgreSQL ${field.version}`)
  try {
    for (let seed = 1; seed <= seeds; seed++) await oneSeed(fleet, seed, tell)
    const cut = (): number => lines.reduce((sum, line) => sum + Number(line['disconnects'] ?? 0), 0)
    for (let seed = seeds + 1; cut() < DISCONNECTS; seed++)
      tell(await followed(fleet, await fleet.ground.createTenant(), { seed, tasks: 6, pieces: 40 }))
  } finally {
    await fleet.close()
  }
  print(tableOf(lines))
  return wrong
}

/** One after the other: each takes what processes are there and starts those that it lacks. */
async function oneSeed(fleet: Fleet, seed: number, tell: (line: ProofLine) => void): Promise<void> {
  const { createTenant } = fleet.ground
  const tenants = [await createTenant(), await createTenant(), await createTenant()] as const
  for (const line of await deaths(fleet, tenants, { seed, isHastened: false })) tell(line)
  for (const replicas of [2, 3]) {
    await fleet.clear()
    tell(
      await turns(fleet, tenants, {
        fault: `in turn, ${replicas} replicas`,
        seed,
        replicas,
        kills: 3,
        tasks: 60,
      }),
    )
  }
  tell(await canceled(fleet, tenants[0], { fault: 'cancel', seed }))
  tell(await providerAway(fleet, tenants[0], seed))
  tell(await outOfMoney(fleet, tenants[1], seed))
  tell(await grantsTaken(fleet, [await createTenant(), await createTenant()], seed))
  tell(await askedBeforeRepeating(fleet, tenants[1], seed))
  // Six deaths of ten seconds each, once.
  tell(await poisoned(fleet, [tenants[0], tenants[1]], { seed, isHastened: seed > 1 }))
  tell(await sentAtOnce(fleet, tenants[2], seed))
  tell(await followed(fleet, tenants[0], { seed, tasks: 6, pieces: 20 }))
  if (noBouncer() === undefined) await behindBouncer(fleet, { tenants, seed, tell })
}

interface Behind {
  readonly tenants: readonly [string, string, string]
  readonly seed: number
  readonly tell: (line: ProofLine) => void
}

async function behindBouncer(fleet: Fleet, { tenants, seed, tell }: Behind): Promise<void> {
  const bouncer = await startBouncer(fleet.ground.env)
  try {
    for (const hears of ['nothing', 'hints'] as const) {
      const env = bouncer.env(hears)
      const where = hears === 'nothing' ? 'PgBouncer, no hints' : 'PgBouncer'
      await fleet.clear()
      tell(await canceled(fleet, tenants[0], { fault: `cancel, ${where}`, seed, env }))
      tell(
        await turns(fleet, tenants, {
          fault: `in turn, ${where}`,
          seed,
          replicas: 2,
          kills: 2,
          tasks: 40,
          env,
        }),
      )
    }
  } finally {
    await fleet.clear()
    await bouncer.close()
  }
}

function mostFor({ fault }: ProofLine): number {
  return fault === 'SIGTERM' ? MOST_HANDOVER_MS : MOST_RECOVERY_MS
}

function groundOf(field: MoneyField): Ground {
  const [database] = field.databases
  if (database === undefined) throw new Error('the field has no database')
  return {
    env: field.env,
    asAdmin: field.asAdmin,
    async createTenant() {
      const id = uuidv7()
      const slug = `t-${id.slice(-8)}`
      await database.system('manage_tenants', tx =>
        tx.run(sql`insert into app.tenant (id, slug, name) values (${id}, ${slug}, ${slug})`),
      )
      await provisionTenant(field.owner, id)
      return id
    },
    close: () => field.close(),
  }
}

/** A row for each scenario, over all its seeds. */
function tableOf(lines: readonly ProofLine[]): string {
  const names = [...new Set(lines.map(({ fault }) => fault))]
  const sum = (
    of: readonly ProofLine[],
    name: 'tasks' | 'acked' | 'lost' | 'duplicated' | 'gaps' | 'terminal_twice',
  ) => of.reduce((total, line) => total + line[name], 0)
  const rows = names.map(name => {
    const mine = lines.filter(({ fault }) => fault === name)
    const counts = (['tasks', 'acked', 'lost', 'duplicated', 'gaps', 'terminal_twice'] as const).map(count =>
      sum(mine, count),
    )
    return `| ${[name, mine.length, ...counts, timesOf(mine)].join(' | ')} |`
  })
  return [
    '| fault | runs | tasks | acked | lost | duplicated | gaps | terminal twice | ms: median, most |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function timesOf(lines: readonly ProofLine[]): string {
  const spreads = lines.flatMap(line => line.recovery_ms ?? (line['heard_ms'] as Spread | undefined) ?? [])
  if (spreads.length === 0) return ''
  const medians = spreads.map(({ p50 }) => p50).toSorted((a, b) => a - b)
  return `${medians[Math.floor((medians.length - 1) / 2)] ?? ''}, ${Math.max(...spreads.map(({ max }) => max))}`
}
