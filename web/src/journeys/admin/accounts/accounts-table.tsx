// Accounts in rows.
import type { AccountRow } from '../../../api/operations.gen.ts'
import { RowMenu } from '../../../parts/actions/row-menu.tsx'
import { Badge } from '../../../parts/shown/badge.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'

const TONES = { active: 'good', disabled: 'warn', invited: 'accent' } as const

export type RowDeed = 'reset' | 'disable' | 'enable'

export interface AccountsTableProps {
  readonly accounts: readonly AccountRow[]
  /** The id of whoever looks. */
  readonly self: string
  readonly onDeed: (deed: RowDeed, account: AccountRow) => void
}

export function AccountsTable({ accounts, self, onDeed }: AccountsTableProps) {
  const columns: Column<AccountRow>[] = [
    {
      key: 'name',
      head: 'Name',
      cell: ({ id, name, email }) => (
        <div className="min-w-40 wrap-anywhere">
          <p className="font-medium">
            <bdi>{name}</bdi> {id === self && <Badge tone="accent">you</Badge>}
          </p>
          <bdi className="text-xs text-soft">{email}</bdi>
        </div>
      ),
    },
    {
      key: 'kind',
      head: 'Kind',
      cell: ({ is_operator }) => (is_operator ? <Badge tone="accent">operator</Badge> : 'user of tenants'),
    },
    {
      key: 'status',
      head: 'Status',
      cell: ({ status }) => (
        <Badge
          tone={TONES[status]}
          {...(status === 'invited' ? { title: 'No password was chosen yet' } : {})}
        >
          {status}
        </Badge>
      ),
    },
    {
      key: 'since',
      head: 'Since',
      cell: ({ created_at }) => <Time at={created_at} form="day" />,
      isMinor: true,
    },
    {
      key: 'deeds',
      head: <span className="unseen">What to do</span>,
      isPinned: true,
      cell: account => (
        <RowMenu
          of={account.name}
          items={[
            { key: 'reset', words: 'Link for a new password…', act: () => onDeed('reset', account) },
            account.status === 'disabled'
              ? { key: 'enable', words: 'Enable…', act: () => onDeed('enable', account) }
              : { key: 'disable', words: 'Disable…', isDanger: true, act: () => onDeed('disable', account) },
          ]}
        />
      ),
    },
  ]
  return <Table caption="Accounts" rows={accounts} columns={columns} keyOf={({ id }) => id} />
}
