// What becomes of a task when its credential, its user or its tenant is taken away: while it runs, while it waits, and
// while no worker is there. That the credential runs out by itself ends nothing.
import { setTimeout as pause } from 'node:timers/promises'
import type { Task } from '../../src/features/agents/tasks/task-shape.ts'
import { outcomeOf, type KnownTask } from '../harness/task-books.ts'
import { eventually, type Fleet, type FleetProcess, type Who } from '../harness/task-fleet.ts'
import { allEnd, hasten, only, reaches, send, taskName } from '../harness/task-play.ts'
import { countsOf, problemsOf, type ProofLine } from './tasks-thresholds.ts'

interface Split {
  /** Those whose grant was taken away. */
  readonly refused: readonly KnownTask[]
  /** Those that stand beside them. */
  readonly kept: readonly KnownTask[]
}

/** `tenants`: two of the scenario's own; the second is suspended for a while. */
export async function grantsTaken(
  fleet: Fleet,
  tenants: readonly [string, string],
  seed: number,
): Promise<ProofLine> {
  const { effects, ground } = fleet
  const worker = await only(fleet)
  const running = await whileRunning(fleet, tenants, seed)
  const down = await whileDown(fleet, tenants[0], worker)
  const asked = { state: 'failed', reason: 'auth_expired' }
  const refused = [...running.refused, ...down.refused]
  const ended = await outcomeOf(ground.asAdmin, effects, refused, asked)
  const kept = [...running.kept, ...down.kept]
  const went = await outcomeOf(ground.asAdmin, effects, kept, { state: 'completed', isWhole: true })
  const [a, b] = [countsOf(ended), countsOf(went)]
  return {
    fault: 'grants taken',
    seed,
    tasks: a.tasks + b.tasks,
    acked: a.acked + b.acked,
    lost: a.lost + b.lost,
    duplicated: a.duplicated + b.duplicated,
    gaps: a.gaps + b.gaps,
    terminal_twice: a.terminal_twice + b.terminal_twice,
    problems: problemsOf(ended, went),
  }
}

/** A token is revoked, of a task that runs and of one that waits; a tenant is suspended. */
async function whileRunning(
  fleet: Fleet,
  [tenantId, suspended]: readonly [string, string],
  seed: number,
): Promise<Split> {
  const { operate } = fleet.front
  const tokens = [`gone-${seed}-1`, `gone-${seed}-2`] as const
  const running = await sendHeld(fleet, { tenantId, tokenId: tokens[0] })
  const kept = await sendHeld(fleet, { tenantId, tokenId: `stays-${seed}` })
  const shutOut = await sendHeld(fleet, { tenantId: suspended })
  const waiting = await send(fleet, { tenantId, tokenId: tokens[1] }, taskName('wait'), 'asks')
  await reaches(fleet, waiting, 'input_required')
  await allHeld(fleet, [running, kept, shutOut])
  for (const token_id of tokens) await operate('revoke_token', { token_id })
  await operate('suspend_tenant', { tenant: suspended, reason: 'test' })
  // Every process knows within two seconds.
  await pause(2_000)
  fleet.effects.release()
  await answer(fleet, { tenantId, tokenId: 'another' }, waiting)
  await allEnd(fleet, [running, kept, shutOut, waiting])
  await operate('resume_tenant', { tenant: suspended })
  return { refused: [running, shutOut, waiting], kept: [kept] }
}

/** Users are disabled and removed, and an id is given again, while no worker is there. */
async function whileDown(fleet: Fleet, tenantId: string, worker: FleetProcess): Promise<Split> {
  const owner: Who = { tenantId, subject: 'owner' }
  for (const id of ['bob', 'cleo', 'dan']) await newUser(fleet, owner, id)
  const tasks = []
  for (const subject of ['bob', 'cleo', 'dan']) tasks.push(await sendHeld(fleet, { tenantId, subject }))
  await allHeld(fleet, tasks)
  worker.kill('SIGKILL')
  await worker.ended
  await hasten(fleet, tasks)
  await fleet.ask(owner, 'disable_user', { id: 'bob' })
  await fleet.ask(owner, 'remove_user', { id: 'cleo' })
  await newUser(fleet, owner, 'cleo')
  fleet.effects.release()
  await fleet.start()
  const [bob, cleo, dan] = tasks as [KnownTask, KnownTask, KnownTask]
  await allEnd(fleet, [bob, dan])
  // Whoever has the id now is somebody else, and finds nothing of it.
  const left = await fleet.ground.asAdmin(
    `select id from app.task where id = $1 union all select id from app.journal_stream where id = $1`,
    [cleo.id],
  )
  if (left.length > 0) throw new Error('the task of a removed user is still there')
  return { refused: [bob], kept: [dan] }
}

/** It stands within its second step, before it asks for the effect. */
async function sendHeld(fleet: Fleet, who: Who): Promise<KnownTask> {
  const name = taskName('grant')
  fleet.effects.holdAt(name, 'in 2')
  return send(fleet, who, name)
}

async function newUser(fleet: Fleet, owner: Who, id: string): Promise<void> {
  await fleet.ask(owner, 'create_user', { id, name: id, role: 'member' })
}

async function allHeld(fleet: Fleet, tasks: readonly KnownTask[]): Promise<void> {
  await eventually('they are held', () => tasks.every(({ name }) => fleet.effects.held().has(name)))
}

async function answer(fleet: Fleet, who: Who, { id, name }: KnownTask): Promise<void> {
  const message = { message_id: `answer-${name}`, task_id: id, parts: [{ text: 'yes' }] }
  await fleet.ask<{ task: Task }>(who, 'send_message', { message })
}
