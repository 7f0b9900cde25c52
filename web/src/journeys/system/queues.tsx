// The queues of background work: what waits, what runs, what was given up.
import type { Output } from '../../api/call.ts'
import { Banner } from '../../parts/shown/banner.tsx'
import { type Column, Table } from '../../parts/shown/table.tsx'
import { durationWords } from '../../parts/shown/time.tsx'

type Queue = NonNullable<Output<'get_system_status'>['queues']>[number]

const figure = (value: number, isAlarming = false) => (
  <span className={value === 0 ? 'text-soft' : isAlarming ? 'font-medium text-wrong' : 'font-medium'}>
    {value.toLocaleString()}
  </span>
)

const COLUMNS: readonly Column<Queue>[] = [
  { key: 'name', head: 'Queue', cell: ({ name }) => name.replaceAll('_', ' ') },
  { key: 'waiting', head: 'Waiting', isFigure: true, cell: ({ waiting }) => figure(waiting) },
  { key: 'running', head: 'Running', isFigure: true, cell: ({ running }) => figure(running) },
  {
    key: 'put_off',
    head: 'For later',
    isFigure: true,
    isMinor: true,
    cell: ({ put_off }) => figure(put_off),
  },
  { key: 'failed', head: 'Given up', isFigure: true, cell: ({ failed }) => figure(failed, true) },
  {
    key: 'oldest',
    head: 'Oldest waits',
    isFigure: true,
    cell: ({ oldest_waiting_seconds: oldest }) =>
      oldest === null ? <span className="text-soft">–</span> : durationWords(oldest * 1000),
  },
]

/** Those that have nothing are named, not listed: what waits shall meet the eye. */
export function Queues({ queues }: { readonly queues: readonly Queue[] | null }) {
  const busy = (queues ?? []).filter(queue => loadOf(queue) > 0).toSorted((a, b) => loadOf(b) - loadOf(a))
  const empty = (queues ?? []).filter(queue => loadOf(queue) === 0)
  return (
    <div className="space-y-2">
      <h2 className="text-base font-semibold">Queues</h2>
      {queues === null && <Banner kind="warn">The queues could not be read in time.</Banner>}
      {busy.length > 0 && <Table caption="Queues" rows={busy} columns={COLUMNS} keyOf={({ name }) => name} />}
      {empty.length > 0 && (
        <p className="text-sm text-soft">
          {busy.length === 0 ? 'All are empty: ' : 'Empty: '}
          {empty.map(({ name }) => name.replaceAll('_', ' ')).join(', ')}.
        </p>
      )}
    </div>
  )
}

function loadOf({ waiting, running, put_off: later, failed }: Queue): number {
  return waiting + running + later + failed
}
