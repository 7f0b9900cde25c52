// Whether tasks came to the end that they should, read past all policies: none lost, nothing done or told twice, events
// without gaps, one end each and nothing after it, and texts as an undisturbed run writes them.
import type { TaskEvent } from '../../src/features/agents/tasks/task-shape.ts'
import type { AsAdmin } from './money-books.ts'
import type { EffectServer } from './task-effects.ts'
import { DURABLE_STEPS, undisturbed } from './task-workflows.ts'

export interface KnownTask {
  readonly id: string
  /** Its question. */
  readonly name: string
}

/** How tasks have come out. Every list but `acked` should be empty; each entry says which task and what. */
export interface Outcome {
  readonly tasks: number
  readonly lost: readonly string[]
  readonly duplicated: readonly string[]
  readonly gaps: readonly string[]
  readonly terminalTwice: readonly string[]
}

export interface Expected {
  /** What they should have ended as. */
  readonly state: string
  readonly reason?: string
  /** Whether they have done all of `durable`, so that their texts are known. */
  readonly isWhole?: boolean
  /** Of a task's step: how often its effect may have been asked for at most; 1 by default. */
  readonly mostCalls?: (task: string, step: string) => number
}

interface Row {
  readonly id: string
  readonly state: string
  readonly reason: string | null
  readonly last: bigint
  readonly events: readonly (TaskEvent & { data: Record<string, unknown> })[]
  readonly steps: readonly string[]
  readonly texts: Readonly<Record<string, string>>
}

const LOOK = `
  select t.id, t.state, t.reason, s.last_sequence as last,
    (select coalesce(jsonb_agg(e.data || jsonb_build_object('kind', e.kind, 'sequence', e.sequence) order by e.sequence), '[]')
      from app.journal_event e where e.tenant_id = t.tenant_id and e.stream_id = t.id) as events,
    (select coalesce(jsonb_agg(j.name order by j.name), '[]') from app.journal_step j
      where j.tenant_id = t.tenant_id and j.stream_id = t.id) as steps,
    (select coalesce(jsonb_object_agg(x.artifact_id, x.text), '{}') from (
      select p.artifact_id, string_agg(p.part ->> 'text', '' order by p.ordinal) as text
      from app.task_artifact_part p where p.tenant_id = t.tenant_id and p.task_id = t.id group by 1) x) as texts
  from app.task t join app.journal_stream s on s.tenant_id = t.tenant_id and s.id = t.id
  where t.id = any($1::uuid[])`

const TERMINAL = new Set(['completed', 'failed', 'canceled', 'rejected'])

/** Looks at tasks that have had the time to end. */
export async function outcomeOf(
  asAdmin: AsAdmin,
  effects: Pick<EffectServer, 'seen'>,
  tasks: readonly KnownTask[],
  expected: Expected,
): Promise<Outcome> {
  const found = (await asAdmin(LOOK, [tasks.map(({ id }) => id)])) as unknown as Row[]
  const rows = new Map(found.map(row => [row.id, row]))
  const about = (faultsOf: (row: Row, task: KnownTask) => readonly string[]): string[] =>
    tasks.flatMap(task => {
      const row = rows.get(task.id)
      return row === undefined ? [] : faultsOf(row, task).map(problem => `${task.name}: ${problem}`)
    })
  return {
    tasks: tasks.length,
    lost: [
      ...tasks.filter(({ id }) => !rows.has(id)).map(({ name }) => `${name}: gone`),
      ...about(row => lostIn(row, expected)),
    ],
    duplicated: about((row, task) => [
      ...(expected.isWhole === true ? wrongTexts(row, task) : []),
      ...toldTwice(row),
      ...doneTwice(effects, task, expected),
    ]),
    gaps: about(gapsIn),
    terminalTwice: about(endsOf),
  }
}

/** How many of the tasks have ended. */
export async function endedOf(asAdmin: AsAdmin, tasks: readonly KnownTask[]): Promise<Set<string>> {
  const rows = await asAdmin(
    `select id from app.task where id = any($1::uuid[]) and finished_at is not null`,
    [tasks.map(({ id }) => id)],
  )
  return new Set(rows.map(({ id }) => String(id)))
}

function lostIn({ state, reason, steps }: Row, expected: Expected): string[] {
  const problems = []
  if (state !== expected.state) problems.push(`is ${state} (${String(reason)})`)
  if (expected.reason !== undefined && reason !== expected.reason) problems.push(`because ${String(reason)}`)
  const missing = DURABLE_STEPS.filter(step => !steps.includes(step))
  if (expected.isWhole === true && missing.length > 0) problems.push(`lacks the steps ${missing.join(', ')}`)
  return problems
}

/** Kept as it is, and as a follower pieces it together from the events. */
function wrongTexts({ texts, events }: Row, { name }: KnownTask): string[] {
  const right = JSON.stringify(undisturbed(name))
  const seen: Record<string, string> = {}
  for (const event of events) {
    if (event.kind !== 'artifact') continue
    const text = event.parts.map(part => part.text ?? '').join('')
    seen[event.artifact_id] = event.append ? `${seen[event.artifact_id] ?? ''}${text}` : text
  }
  return [
    ...(JSON.stringify(sorted(texts)) === JSON.stringify(sorted(JSON.parse(right)))
      ? []
      : ['another text is kept']),
    ...(JSON.stringify(sorted(seen)) === JSON.stringify(sorted(JSON.parse(right)))
      ? []
      : ['another text is told']),
  ]
}

function sorted(texts: unknown): [string, unknown][] {
  return Object.entries(texts as object).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** What goes with a step's result is told once. */
function toldTwice({ events }: Row): string[] {
  const told = events.flatMap(event => (event.kind === 'progress' ? [`${event.event} ${event.step}`] : []))
  return told.filter((one, at) => told.indexOf(one) !== at).map(one => `tells ${one} again`)
}

/** By its key, the other side does each effect once; how often it was asked is known of each step. */
function doneTwice(
  { seen }: Pick<EffectServer, 'seen'>,
  { name }: KnownTask,
  { mostCalls }: Expected,
): string[] {
  const calls = seen.filter(({ task, key }) => task === name && key !== undefined)
  const places = [...new Set(calls.map(({ at }) => at))]
  return places.flatMap(at => {
    const mine = calls.filter(call => call.at === at)
    const keys = new Set(mine.map(({ key }) => key)).size
    const most = mostCalls?.(name, at.replace('effect ', '')) ?? 1
    return [
      ...(keys === 1 ? [] : [`${at} has ${keys} keys`]),
      ...(mine.length <= most ? [] : [`${at} was asked ${mine.length} times, not ${most}: ${whenOf(mine)}`]),
    ]
  })
}

/** By whom, and how long after the first. */
function whenOf(calls: EffectServer['seen']): string {
  return calls.map(({ pid, when }) => `${pid} +${when - (calls[0]?.when ?? 0)} ms`).join(', ')
}

function gapsIn({ events, last }: Row): string[] {
  const isWhole = events.every(({ sequence }, at) => sequence === at + 1) && Number(last) === events.length
  return isWhole ? [] : [`events ${events.map(({ sequence }) => sequence).join(' ')}, last ${last}`]
}

function endsOf({ events, state }: Row): string[] {
  const ends = events.filter(event => event.kind === 'state' && TERMINAL.has(event.state))
  if (!TERMINAL.has(state)) return ends.length === 0 ? [] : ['tells an end without having one']
  const last = events.at(-1)
  const isOne = ends.length === 1 && last?.kind === 'state' && last.state === state
  return isOne ? [] : [`${ends.length} ends, the last event is ${String(last?.kind)}`]
}
