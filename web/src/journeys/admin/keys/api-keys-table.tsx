// API keys in rows.
import type { ApiKey } from '../../../api/operations.gen.ts'
import { Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { nameColumn, revokeColumn, standingColumns } from './key-columns.tsx'

export interface ApiKeysTableProps {
  readonly keys: readonly ApiKey[]
  readonly mayRevoke: (key: ApiKey) => boolean
  readonly onRevoke: (key: ApiKey) => void
}

export function ApiKeysTable({ keys, mayRevoke, onRevoke }: ApiKeysTableProps) {
  const revoke = revokeColumn<ApiKey>(onRevoke)
  return (
    <Table
      caption="API keys of the tenant"
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        nameColumn(),
        {
          key: 'user',
          head: 'Speaks for',
          cell: ({ user }) => <bdi className="block min-w-32 wrap-anywhere">{user}</bdi>,
        },
        {
          key: 'scopes',
          head: 'Allows',
          cell: ({ scopes }) => (
            <span className="block min-w-32 font-mono text-xs text-soft">{scopes.join(', ')}</span>
          ),
        },
        ...standingColumns<ApiKey>(),
        {
          key: 'made',
          head: 'Made',
          isMinor: true,
          cell: ({ created_at, created_by, user }) => (
            <>
              <Time at={created_at} form="day" />
              {created_by !== user && (
                <span className="block text-xs text-soft wrap-anywhere">
                  by <bdi>{created_by}</bdi>
                </span>
              )}
            </>
          ),
        },
        { ...revoke, cell: key => mayRevoke(key) && revoke.cell(key) },
      ]}
    />
  )
}
