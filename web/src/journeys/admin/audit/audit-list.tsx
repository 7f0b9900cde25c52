// The rows of an audit, filtered by the address, newest first and page by page.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Input } from '../../../api/call.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import type { AuditRow } from '../../../api/operations.gen.ts'
import { Button } from '../../../parts/actions/button.tsx'
import { Pages } from '../../../parts/actions/pages.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import type { AuditParams } from '../admin-params.ts'
import { AuditExport } from './audit-export.tsx'
import { AuditFilter } from './audit-filter.tsx'
import { AuditRowDialog } from './audit-row-dialog.tsx'
import { AuditTable } from './audit-table.tsx'

export type AuditKind = 'tenant' | 'deployment'

const route = getRouteApi('/audit')
const PAGE = 50

export function AuditList({ of }: { readonly of: AuditKind }) {
  const params = route.useSearch()
  const navigate = route.useNavigate()
  const [opened, setOpened] = useState<AuditRow>()
  const name = of === 'tenant' ? 'list_audit' : 'list_deployment_audit'
  const list = useQuery({
    ...operationQuery(name, { ...askedOf(params), limit: PAGE }),
    placeholderData: keepPreviousData,
  })
  const { cursor, ...filter } = params
  const next = list.data?.next_cursor
  return (
    <>
      <AuditFilter />
      <div className="mb-2 flex min-h-8 flex-wrap items-center justify-between gap-2 text-sm text-soft">
        <span>Newest first{cursor !== undefined && ', from further back'}</span>
        <AuditExport name={name} asked={askedOf(filter)} />
      </div>
      {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Waiting what="the audit" lines={8} />}
      {list.data?.rows.length === 0 && (
        <EmptyState
          title="No rows like that"
          action={<Button onClick={() => void navigate({ search: {} })}>Show all rows</Button>}
        />
      )}
      {list.data !== undefined && list.data.rows.length > 0 && (
        <AuditTable rows={list.data.rows} onOpen={setOpened} />
      )}
      <Pages
        of="audit"
        isFirst={cursor === undefined}
        hasNext={next !== undefined}
        onFirst={() => void navigate({ search: filter })}
        onNext={() =>
          void navigate({ search: { ...filter, ...(next === undefined ? {} : { cursor: next }) } })
        }
      />
      <AuditRowDialog row={opened} onClose={() => setOpened(undefined)} />
    </>
  )
}

/** The address in the server's words. */
export function askedOf({ from, to, ...rest }: AuditParams): Input<'list_audit'> {
  return {
    ...rest,
    ...(from === undefined ? {} : { after: from }),
    ...(to === undefined ? {} : { before: to }),
  }
}
