// Three workers, each with a task at every place at which a run can be: one is killed, one put to sleep beyond its
// heartbeat, one told to stop. Two others take all of it up; then the sleeper wakes and goes on where it was.
import { setTimeout as pause } from 'node:timers/promises'
import { outcomeOf, type Expected, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet, type FleetProcess } from '../harness/task-fleet.ts'
import { allEnd, atLeast, chance, hasten, send, shuffled, taskName } from '../harness/task-play.ts'
import type { Seen } from '../harness/task-effects.ts'
import { PLACES } from '../harness/task-workflows.ts'
import { countsOf, problemsOf, spreadOf, type ProofLine } from './tasks-thresholds.ts'

const FAULTS = ['SIGKILL', 'SIGSTOP', 'SIGTERM'] as const
type DeathFault = (typeof FAULTS)[number]
/** A sleeper that has woken has tried all that it would. */
const LATE_MS = 2_500

/** The tasks of one process, and where each of them was. */
interface Struck {
  readonly fault: DeathFault
  readonly process: FleetProcess
  readonly tasks: readonly KnownTask[]
}

export interface Deaths {
  readonly seed: number
  /** Whether the silence of those that are gone is made to look long at once; recovery is not measured then. */
  readonly isHastened: boolean
}

/** `tenants`: three, since no tenant is given every place of the workers. One line for each fault. */
export async function deaths(
  fleet: Fleet,
  tenants: readonly string[],
  { seed, isHastened }: Deaths,
): Promise<ProofLine[]> {
  const random = chance(seed)
  const before = fleet.effects.seen.length
  const [workers, others] = await cast(fleet)
  const tasks = await filled(fleet, workers, tenants, random)
  const places = fleet.effects.held()
  const struck = shuffled(FAULTS, random).map((fault, at): Struck => {
    const process = workers[at] as FleetProcess
    return { fault, process, tasks: tasks.filter(({ name }) => places.get(name)?.pid === process.pid) }
  })
  const times = new Map<DeathFault, number>()
  // Who is stopped gives back at once: the others must not be there any more to take it up.
  const isLast = ({ fault }: Struck): number => Number(fault === 'SIGTERM')
  for (const { fault, process } of struck.toSorted((a, b) => isLast(a) - isLast(b))) {
    times.set(fault, Date.now())
    process.kill(fault)
  }
  if (isHastened)
    await hasten(
      fleet,
      struck.flatMap(({ fault, tasks: mine }) => (fault === 'SIGTERM' ? [] : mine)),
    )
  for (const other of others) other.kill('SIGCONT')
  await allEnd(fleet, tasks)
  fleet.effects.release()
  struck.find(({ fault }) => fault === 'SIGSTOP')?.process.kill('SIGCONT')
  await pause(LATE_MS)
  const seen = fleet.effects.seen.slice(before)
  return Promise.all(
    struck.map(async one => {
      const { recovery_ms, ...line } = await lineOf(fleet, one, {
        seed,
        seen,
        places,
        at: times.get(one.fault) ?? 0,
      })
      return isHastened || recovery_ms === undefined ? line : { ...line, recovery_ms }
    }),
  )
}

/** Three to be struck and two that take over, who sleep until then. */
async function cast(fleet: Fleet): Promise<[FleetProcess[], FleetProcess[]]> {
  const all = await atLeast(fleet, 5)
  return [all.slice(0, 3), all.slice(3, 5)]
}

/** One worker after the other gets a task at each place, while those that are not to have any sleep. */
async function filled(
  fleet: Fleet,
  workers: readonly FleetProcess[],
  tenants: readonly string[],
  random: () => number,
): Promise<KnownTask[]> {
  const tasks: KnownTask[] = []
  for (const process of fleet.processes()) process.kill('SIGSTOP')
  for (const [at, worker] of workers.entries()) {
    worker.kill('SIGCONT')
    for (const place of shuffled(PLACES, random)) {
      const name = taskName('death')
      fleet.effects.holdAt(name, place)
      tasks.push(await send(fleet, { tenantId: tenants[at] ?? '' }, name))
    }
    await eventually('all tasks are where they should be', () => fleet.effects.held().size === tasks.length)
  }
  return tasks
}

interface Scene {
  readonly seed: number
  readonly seen: readonly Seen[]
  readonly places: ReadonlyMap<string, Seen>
  /** When the fault struck. */
  readonly at: number
}

async function lineOf(
  { ground, effects }: Fleet,
  { fault, process, tasks }: Struck,
  { seed, seen, places, at }: Scene,
): Promise<ProofLine> {
  const expected: Expected = {
    state: 'completed',
    isWhole: true,
    // Where it had been asked for before the process was struck it is asked for once more, by the same key.
    mostCalls: (task, step) => {
      const place = places.get(task)?.at ?? ''
      const wasAsked = place === `amid ${step}` || place === `after ${step}`
      // The sleeper wakes in the middle of a step: what it does outside before it writes goes out, too.
      const isLate = fault === 'SIGSTOP' && place === `in ${step}`
      return wasAsked || isLate ? 2 : 1
    },
  }
  const outcome = await outcomeOf(ground.asAdmin, effects, tasks, expected)
  const recovered = tasks.flatMap(({ name }) => {
    const next = seen.find(one => one.task === name && one.when >= at && one.pid !== process.pid)
    return next === undefined ? [] : [next.when - at]
  })
  const recovery = spreadOf(recovered)
  return {
    fault,
    seed,
    ...countsOf(outcome),
    places: tasks.length,
    ...(recovery === undefined ? {} : { recovery_ms: recovery }),
    again: await againOf(ground.asAdmin, tasks),
    problems: problemsOf(outcome),
  }
}

/** Steps that were begun as a second try or more: what is given back counts for nothing. */
async function againOf(asAdmin: Fleet['ground']['asAdmin'], tasks: readonly KnownTask[]): Promise<number> {
  const [row] = await asAdmin(
    `select count(*)::int as n from app.journal_event
     where stream_id = any($1::uuid[]) and kind = 'step' and (data ->> 'attempt')::int > 1`,
    [tasks.map(({ id }) => id)],
  )
  return Number(row?.['n'])
}
