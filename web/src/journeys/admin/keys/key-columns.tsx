// What every kind of key shows: its name, how it stands, when it was used, when it ends.
import type { KeyStatus } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import type { Column } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'

export interface AnyKey {
  readonly id: string
  readonly name: string
  readonly status: KeyStatus
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
}

const TONES = { active: 'good', expired: 'plain', revoked: 'wrong' } as const

export function nameColumn<Key extends AnyKey>(): Column<Key> {
  return {
    key: 'name',
    head: 'Name',
    cell: ({ name, id }) => (
      <div className="min-w-36 wrap-anywhere">
        <bdi className="font-medium">{name}</bdi>
        <p className="font-mono text-2xs text-soft">{id}</p>
      </div>
    ),
  }
}

export function standingColumns<Key extends AnyKey>(): Column<Key>[] {
  return [
    { key: 'status', head: 'Status', cell: ({ status }) => <Badge tone={TONES[status]}>{status}</Badge> },
    {
      key: 'used',
      head: 'Last used',
      cell: ({ last_used_at }) =>
        last_used_at === null ? <span className="text-soft">never</span> : <Time at={last_used_at} />,
    },
    {
      key: 'until',
      head: 'Works until',
      cell: ({ expires_at }) =>
        expires_at === null ? (
          <span className="text-soft">it is revoked</span>
        ) : (
          <Time at={expires_at} form="day" />
        ),
    },
  ]
}

export function revokeColumn<Key extends AnyKey>(onRevoke: (key: Key) => void): Column<Key> {
  return {
    key: 'deeds',
    head: <span className="unseen">What to do</span>,
    isPinned: true,
    cell: key =>
      key.status === 'active' && (
        <Button
          look="quiet"
          className="-my-1.5"
          onClick={() => onRevoke(key)}
          aria-label={`Revoke ${key.name}`}
        >
          Revoke
        </Button>
      ),
  }
}
