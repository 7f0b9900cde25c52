// A task that kills whatever process runs it: it is given up after a number of runs, and the others flow meanwhile.
import { setTimeout as pause } from 'node:timers/promises'
import { endedOf, outcomeOf, type KnownTask } from '../harness/task-books.ts'
import type { Fleet } from '../harness/task-fleet.ts'
import { allEnd, atLeast, hasten, send, taskName } from '../harness/task-play.ts'
import { countsOf, problemsOf, type ProofLine } from './tasks-thresholds.ts'

export interface Poisoning {
  readonly seed: number
  /** Whether the silence of a process that it killed is made to look long at once: each death would take ten seconds. */
  readonly isHastened: boolean
}

export async function poisoned(
  fleet: Fleet,
  tenants: readonly [string, string],
  { seed, isHastened }: Poisoning,
): Promise<ProofLine> {
  const { asAdmin } = fleet.ground
  const [tenantId, other] = tenants
  await atLeast(fleet, 2)
  const poison = await send(fleet, { tenantId }, taskName('poison'), 'poison')
  const others: KnownTask[] = []
  let deaths = 0
  let isOver = false
  while (!isOver) {
    const missing = 2 - fleet.processes().length
    deaths += Math.max(0, missing)
    if (missing > 0 && isHastened) await hasten(fleet, [poison, ...struck(fleet, others)])
    // One that takes the poison up before it has said that it stands dies like the others.
    await atLeast(fleet, 2).catch(() => (deaths += 1))
    if (others.length < 40) {
      others.push(
        await send(fleet, { tenantId: others.length % 2 === 0 ? tenantId : other }, taskName('flow')),
      )
    }
    await pause(100)
    isOver = (await endedOf(asAdmin, [poison])).size === 1
  }
  const flowed = (await endedOf(asAdmin, others)).size
  await allEnd(fleet, others)
  const ended = await outcomeOf(asAdmin, fleet.effects, [poison], { state: 'failed', reason: 'gave_up' })
  const outcome = await outcomeOf(asAdmin, fleet.effects, others, {
    state: 'completed',
    isWhole: true,
    mostCalls: () => deaths + 1,
  })
  const counts = countsOf(outcome)
  return {
    fault: 'poison',
    seed,
    ...counts,
    tasks: counts.tasks + 1,
    acked: counts.acked + 1,
    lost: counts.lost + ended.lost.length,
    gaps: counts.gaps + ended.gaps.length,
    terminal_twice: counts.terminal_twice + ended.terminalTwice.length,
    deaths,
    flowed,
    problems: problemsOf(ended, outcome),
  }
}

/** Those that were last seen in a process that is gone. */
function struck({ effects, processes }: Fleet, tasks: readonly KnownTask[]): KnownTask[] {
  const living = new Set(processes().map(({ pid }) => pid))
  return tasks.filter(({ name }) => {
    const last = effects.seen.findLast(({ task }) => task === name)
    return last !== undefined && !living.has(last.pid)
  })
}
