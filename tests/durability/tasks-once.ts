// A step that must not be done twice unasked: when its process dies within it, the user is asked, and what he says is done.
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet } from '../harness/task-fleet.ts'
import { allEnd, hasten, only, reaches, send, taskName } from '../harness/task-play.ts'
import { countsOf, problemsOf, type ProofLine } from './tasks-thresholds.ts'

export async function askedBeforeRepeating(fleet: Fleet, tenantId: string, seed: number): Promise<ProofLine> {
  const { effects, ground } = fleet
  const worker = await only(fleet)
  const tasks: KnownTask[] = []
  for (let at = 0; at < 2; at++) {
    const name = taskName('once')
    effects.holdAt(name, 'after 1')
    tasks.push(await send(fleet, { tenantId }, name, 'once'))
  }
  await eventually('both are held', () => tasks.every(({ name }) => effects.held().has(name)))
  worker.kill('SIGKILL')
  await worker.ended
  await hasten(fleet, tasks)
  effects.release()
  await fleet.start()
  for (const task of tasks) await reaches(fleet, task, 'input_required')
  for (const [at, { id, name }] of tasks.entries()) {
    const parts = [{ text: at === 0 ? 'yes' : 'no' }]
    await fleet.ask({ tenantId }, 'send_message', {
      message: { message_id: `repeat-${name}`, task_id: id, parts },
    })
  }
  await allEnd(fleet, tasks)
  const repeated = await outcomeOf(ground.asAdmin, effects, tasks.slice(0, 1), {
    state: 'completed',
    mostCalls: () => 2,
  })
  const left = await outcomeOf(ground.asAdmin, effects, tasks.slice(1), {
    state: 'failed',
    reason: 'step_not_repeated',
  })
  const [a, b] = [countsOf(repeated), countsOf(left)]
  return {
    fault: 'not to be repeated',
    seed,
    tasks: a.tasks + b.tasks,
    acked: a.acked + b.acked,
    lost: a.lost + b.lost,
    duplicated: a.duplicated + b.duplicated,
    gaps: a.gaps + b.gaps,
    terminal_twice: a.terminal_twice + b.terminal_twice,
    problems: problemsOf(repeated, left),
  }
}
