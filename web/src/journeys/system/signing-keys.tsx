// The keys that sign tokens, with their age.
import type { Output } from '../../api/call.ts'
import { Badge } from '../../parts/shown/badge.tsx'
import { type Column, Table } from '../../parts/shown/table.tsx'
import { Time } from '../../parts/shown/time.tsx'

type Key = NonNullable<Output<'get_system_status'>['signing_keys']>[number]

const COLUMNS: readonly Column<Key>[] = [
  { key: 'id', head: 'Key', cell: ({ id }) => <span className="font-mono text-xs">{id}</span> },
  {
    key: 'status',
    head: 'State',
    cell: ({ status }) => <Badge tone={status === 'active' ? 'good' : 'plain'}>{STATES[status]}</Badge>,
  },
  {
    key: 'age',
    head: 'Age',
    isFigure: true,
    cell: ({ age_days: days }) => (days < 1 ? 'today' : `${Math.round(days).toLocaleString()} days`),
  },
  {
    key: 'until',
    head: 'Its tokens are accepted',
    isMinor: true,
    cell: ({ accepted_until: until }) =>
      until === null ? (
        'until they end'
      ) : (
        <>
          until <Time at={until} form="whole" />
        </>
      ),
  },
]

const STATES: Record<Key['status'], string> = {
  active: 'signs',
  retiring: 'signed before',
  retired: 'retired',
}

export function SigningKeys({ keys }: { readonly keys: readonly Key[] | null }) {
  if (keys === null) return null
  return (
    <div className="space-y-2">
      <h2 className="text-base font-semibold">Signing keys</h2>
      <Table caption="Signing keys" rows={keys} columns={COLUMNS} keyOf={({ id }) => id} />
    </div>
  )
}
