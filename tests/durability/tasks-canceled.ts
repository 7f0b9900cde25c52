// A task is cancelled at every place of its run, from a process that does not run it: the running step hears of it, and
// nothing that it does afterwards counts.
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from '../../src/platform/db/statements.ts'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet } from '../harness/task-fleet.ts'
import { atLeast, send, taskName } from '../harness/task-play.ts'
import { PLACES } from '../harness/task-workflows.ts'
import { countsOf, problemsOf, spreadOf, type ProofLine } from './tasks-thresholds.ts'

const LATE_MS = 500

export interface Canceling {
  /** Of the line. */
  readonly fault: string
  readonly seed: number
  /** Settings of the process. */
  readonly env?: Readonly<Record<string, string>>
}

export async function canceled(
  fleet: Fleet,
  tenantId: string,
  { fault, seed, env }: Canceling,
): Promise<ProofLine> {
  const { effects, ground } = fleet
  const tasks: KnownTask[] = []
  await atLeast(fleet, 1, env)
  for (const place of PLACES) {
    const name = taskName('cancel')
    effects.holdAt(name, place)
    tasks.push(await send(fleet, { tenantId }, name))
  }
  await eventually('all tasks are where they should be', () => effects.held().size === tasks.length)
  const canceledAt = new Map<string, number>()
  for (const { id, name } of tasks) {
    await fleet.ask({ tenantId }, 'cancel_task', { task_id: id })
    canceledAt.set(name, Date.now())
  }
  await eventually('all steps have heard of it', () => tasks.every(({ name }) => effects.gone().has(name)))
  const before = effects.seen.length
  effects.release()
  await pause(LATE_MS)
  const outcome = await outcomeOf(ground.asAdmin, effects, tasks, { state: 'canceled', reason: 'canceled' })
  const late = effects.seen.slice(before).filter(({ task }) => canceledAt.has(task))
  const heard = spreadOf(
    tasks.map(({ name }) => Math.max(0, (effects.gone().get(name) ?? 0) - (canceledAt.get(name) ?? 0))),
  )
  const counts = countsOf(outcome)
  return {
    fault,
    seed,
    ...counts,
    duplicated: counts.duplicated + late.length,
    ...(heard === undefined ? {} : { heard_ms: heard }),
    absorbed: await absorbed(fleet, tenantId, tasks),
    problems: problemsOf(outcome),
  }
}

/** Of ended tasks, how many the database keeps as they are when the application's own login would change them. */
export async function absorbed(fleet: Fleet, tenantId: string, tasks: readonly KnownTask[]): Promise<number> {
  const { database } = fleet.front.opened
  const scope = { tenantId, subject: 'gatehouse:tasks' }
  const tries = tasks.map(({ id }) =>
    database
      .writeAs(scope, tx =>
        tx.run(
          sql`update app.task set state = 'working', finished_at = null where tenant_id = ${tenantId} and id = ${id}`,
        ),
      )
      .then(
        () => 0,
        (error: unknown) => (String(causeOf(error)).includes('has ended') ? 1 : 0),
      ),
  )
  return (await Promise.all(tries)).reduce<number>((sum, one) => sum + one, 0)
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : error
}
