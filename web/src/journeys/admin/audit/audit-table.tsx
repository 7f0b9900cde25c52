// Rows of an audit. The time opens a row; who and what are filters.
import { Link } from '@tanstack/react-router'
import { Link2 } from 'lucide-react'
import type { AuditRow } from '../../../api/operations.gen.ts'
import { Badge } from '../../../parts/shown/badge.tsx'
import { type Column, Table } from '../../../parts/shown/table.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import type { AuditParams } from '../admin-params.ts'

const TONES = { ok: 'good', refused: 'warn', failed: 'wrong' } as const

export interface AuditTableProps {
  readonly rows: readonly AuditRow[]
  readonly onOpen: (row: AuditRow) => void
}

export function AuditTable({ rows, onOpen }: AuditTableProps) {
  const columns: Column<AuditRow>[] = [
    {
      key: 'at',
      head: 'When',
      cell: row => (
        <button
          type="button"
          onClick={() => onOpen(row)}
          className="min-h-6 text-left md:whitespace-nowrap underline decoration-line underline-offset-2 hover:decoration-ink"
        >
          <Time at={row.at} form="exact" />
          <span className="unseen">: open the row</span>
        </button>
      ),
    },
    {
      key: 'who',
      head: 'Who',
      cell: ({ subject }) => (
        <Link
          from="/audit"
          to="/audit"
          search={old => only(old, { user: subject })}
          className="block min-w-28 wrap-anywhere md:min-w-48 hover:underline"
        >
          <bdi>{subject}</bdi>
        </Link>
      ),
    },
    {
      key: 'operation',
      head: 'Operation',
      cell: ({ operation }) => (
        <Link
          from="/audit"
          to="/audit"
          search={old => only(old, { operation })}
          className="font-mono text-xs hover:underline"
        >
          {operation}
        </Link>
      ),
    },
    {
      key: 'object',
      head: 'On what',
      cell: ({ object }) => <bdi className="font-mono text-xs text-soft break-all">{object ?? ''}</bdi>,
      isMinor: true,
    },
    {
      key: 'outcome',
      head: 'Outcome',
      cell: ({ outcome, fault }) => (
        <span className="flex flex-wrap items-center gap-1.5">
          <Badge tone={TONES[outcome]}>{outcome}</Badge>
          {fault !== null && <span className="font-mono text-xs text-soft">{fault}</span>}
        </span>
      ),
    },
    { key: 'chain', head: 'Chain', cell: ({ chained_as }) => <Chained at={chained_as} />, isFigure: true },
  ]
  return <Table caption="Rows of the audit" rows={rows} columns={columns} keyOf={({ id }) => id} />
}

function Chained({ at }: { readonly at: number | null }) {
  if (at === null)
    return (
      <span className="whitespace-nowrap text-soft" title="It is linked within seconds">
        not yet
      </span>
    )
  return (
    <span className="inline-flex items-center gap-1 text-soft" title={`Linked as number ${at} of the chain`}>
      <Link2 size={12} aria-hidden="true" />
      {at.toLocaleString()}
    </span>
  )
}

/** One filter more, from the newest row on. */
function only({ cursor: _, ...old }: AuditParams, more: AuditParams): AuditParams {
  return { ...old, ...more }
}
