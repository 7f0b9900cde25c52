// Workers die in turn, whenever it happens to be, and are replaced, while tasks keep coming.
import { setTimeout as pause } from 'node:timers/promises'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import type { Fleet } from '../harness/task-fleet.ts'
import { allEnd, atLeast, chance, send, taskName } from '../harness/task-play.ts'
import { countsOf, problemsOf, spreadOf, type ProofLine } from './tasks-thresholds.ts'

export interface Turns {
  /** Of the line. */
  readonly fault: string
  readonly seed: number
  readonly replicas: number
  readonly kills: number
  readonly tasks: number
  /** Settings of the processes. */
  readonly env?: Readonly<Record<string, string>>
}

export async function turns(fleet: Fleet, tenants: readonly string[], asked: Turns): Promise<ProofLine> {
  const { fault, seed, replicas, kills, env = {} } = asked
  const random = chance(seed)
  const before = fleet.effects.seen.length
  fleet.effects.setPace(25)
  await atLeast(fleet, replicas, env)
  const tasks: KnownTask[] = []
  const killed: { readonly at: number; readonly pid: number }[] = []
  const killing = (async () => {
    for (let turn = 0; turn < kills; turn++) {
      await pause(400 + random() * 800)
      const living = fleet.processes()
      const victim = living[Math.floor(random() * living.length)]
      if (victim === undefined) continue
      killed.push({ at: Date.now(), pid: victim.pid })
      victim.kill('SIGKILL')
      await fleet.start(env)
    }
  })()
  for (let at = 0; at < asked.tasks; at++) {
    tasks.push(await send(fleet, { tenantId: tenants[at % tenants.length] ?? '' }, taskName('turn')))
    await pause(random() * 30)
  }
  await killing
  await allEnd(fleet, tasks, 120_000)
  fleet.effects.setPace(0)
  const outcome = await outcomeOf(fleet.ground.asAdmin, fleet.effects, tasks, {
    state: 'completed',
    isWhole: true,
    mostCalls: () => kills + 1,
  })
  const seen = fleet.effects.seen.slice(before)
  // Of those that were under way in a process when it was killed.
  const recovered = killed.flatMap(({ at, pid }) =>
    tasks.flatMap(({ name }) => {
      const mine = seen.filter(({ task }) => task === name)
      const isStruck = mine.findLast(({ when }) => when <= at)?.pid === pid
      const next = mine.find(({ when }) => when > at)
      return isStruck && next !== undefined ? [next.when - at] : []
    }),
  )
  const recovery = spreadOf(recovered)
  return {
    fault,
    seed,
    ...countsOf(outcome),
    replicas,
    kills: killed.length,
    struck: recovered.length,
    ...(recovery === undefined ? {} : { recovery_ms: recovery }),
    problems: problemsOf(outcome),
  }
}
