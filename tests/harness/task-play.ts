// What every scenario with tasks does: sends them, waits for their ends, and draws by chance what a seed decides.
import { setTimeout as pause } from 'node:timers/promises'
import type { Task } from '../../src/features/agents/tasks/task-shape.ts'
import { endedOf, type KnownTask } from './task-books.ts'
import { eventually, type Fleet, type FleetProcess, type Who } from './task-fleet.ts'

let sent = 0

/** A name that no other task has; the tasks of a scenario are told apart by it. */
export function taskName(scenario: string): string {
  return `${scenario}-${(sent += 1)}`
}

export async function send(fleet: Fleet, who: Who, name: string, workflow = 'durable'): Promise<KnownTask> {
  const input = { workflow, question: name }
  const { task } = await fleet.ask<{ task: Task }>(who, 'start_task', input)
  return { id: task.task_id, name }
}

/** The living processes, after so many more were started that there are `count`. */
export async function atLeast(
  fleet: Fleet,
  count: number,
  env?: Readonly<Record<string, string>>,
): Promise<readonly FleetProcess[]> {
  const missing = Math.max(0, count - fleet.processes().length)
  await Promise.all(Array.from({ length: missing }, () => fleet.start(env)))
  return fleet.processes()
}

/** One worker, which is known. */
export async function only(fleet: Fleet): Promise<FleetProcess> {
  const [first, ...rest] = fleet.processes()
  for (const process of rest) process.kill('SIGTERM')
  await Promise.all(rest.map(({ ended }) => ended))
  return first ?? fleet.start()
}

export async function allEnd(fleet: Fleet, tasks: readonly KnownTask[], withinMs?: number): Promise<void> {
  let left: readonly KnownTask[] = tasks
  await eventually(
    'all tasks have ended',
    async () => {
      await pause(50)
      const ended = await endedOf(fleet.ground.asAdmin, left)
      left = left.filter(({ id }) => !ended.has(id))
      return left.length === 0
    },
    withinMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${left.map(({ name, id }) => `${name} ${id}`).join(', ')}`)
  })
}

/** As if the processes that had the tasks had been silent for as long as it takes (10 s) to be noticed. */
export async function hasten(fleet: Fleet, tasks: readonly KnownTask[]): Promise<void> {
  await fleet.ground.asAdmin(
    `update pgboss.job set heartbeat_on = now() - interval '1 minute'
     where name = 'run_task' and state = 'active' and data ->> 'taskId' = any($1::text[])`,
    [tasks.map(({ id }) => id)],
  )
}

/** Waits until the task is in the state. */
export async function reaches(fleet: Fleet, { id, name }: KnownTask, state: string): Promise<void> {
  await eventually(`${name} is ${state}`, async () => {
    const [row] = await fleet.ground.asAdmin('select state from app.task where id = $1', [id])
    return row?.['state'] === state
  })
}

/** Chance that a seed decides: mulberry32, from 0 to just under 1. */
export function chance(seed: number): () => number {
  let state = seed * 2_654_435_769
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map(item => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
