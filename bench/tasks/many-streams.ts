// Many followers: what opening and holding their streams costs, and how long an event is on its way to them.
import { setTimeout as wait } from 'node:timers/promises'
import type { AsAdmin } from '../../tests/harness/money-books.ts'
import { processorMsOf } from '../search/wire/server-process.ts'
import type { A2aClient, Stream } from './a2a-client.ts'
import { manyAtOnce } from './many-at-once.ts'
import { residentKb } from './resident-memory.ts'

export interface Streamed {
  readonly openMs: number
  readonly kbPerStream: number
  /** Of one core, of the server, while nothing happens to any task. */
  readonly idleCpuPercent: number
  /** From each event's time in the journal to its arrival, in ms. */
  readonly arrivals: readonly number[]
}

export interface StreamsWanted {
  readonly tenantId: string
  readonly pid: string
  readonly streams: number
  readonly tasks: number
  /** Of the tasks, that go on, one after the other. */
  readonly wakes: number
}

const IDLE_MS = 10_000
const OPENERS = 50
const PAUSE_MS = 100
const PATIENCE_MS = 120_000

export async function manyStreams(
  client: A2aClient,
  asAdmin: AsAdmin,
  { tenantId, pid, streams, tasks, wakes }: StreamsWanted,
): Promise<Streamed> {
  const ids: string[] = []
  await manyAtOnce(tasks, 16, async turn => {
    ids.push(await client.send({ workflow: 'ticking', text: `Task ${turn}` }))
  })
  await waiting(asAdmin, tenantId, tasks)
  const arrivals: number[] = []
  const opened: { readonly id: string; readonly stream: Stream }[] = []
  const before = residentKb(pid)
  const begun = performance.now()
  await manyAtOnce(streams, OPENERS, async turn => {
    const id = ids[turn % tasks] ?? ''
    const stream = await client.follow(id, ({ at, arrived }) => {
      if (at !== undefined) arrivals.push(arrived - at)
    })
    opened.push({ id, stream })
  })
  const openMs = performance.now() - begun
  await wait(1_000)
  const kbPerStream = (residentKb(pid) - before) / streams
  const busy = processorMsOf(pid) ?? Number.NaN
  await wait(IDLE_MS)
  const idleCpuPercent = (((processorMsOf(pid) ?? Number.NaN) - busy) / IDLE_MS) * 100
  const woken = ids.slice(0, wakes)
  for (const id of woken) {
    await client.answer(id, 'Go on.')
    await wait(PAUSE_MS)
  }
  const ending = opened.filter(({ id }) => woken.includes(id)).map(({ stream }) => stream.over)
  await Promise.race([Promise.all(ending), wait(PATIENCE_MS, undefined, { ref: false }).then(tooLate)])
  for (const { stream } of opened) stream.close()
  return { openMs, kbPerStream, idleCpuPercent, arrivals }
}

function tooLate(): never {
  throw new Error('the streams of tasks that have ended do not end')
}

async function waiting(asAdmin: AsAdmin, tenantId: string, tasks: number): Promise<void> {
  for (const end = Date.now() + 120_000; ; await wait(50)) {
    const [row] = await asAdmin(
      `select count(*) as n from app.task where tenant_id = $1 and state = 'input_required'`,
      [tenantId],
    )
    if (Number(row?.['n']) >= tasks) return
    if (Date.now() > end) throw new Error('the tasks do not wait to be told to go on')
  }
}
