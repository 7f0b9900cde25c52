// The embedding models, and what each has still to do.
import { useQuery } from '@tanstack/react-query'
import type { Output } from '../../api/call.ts'
import { operationQuery, useChange } from '../../api/operation-query.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Badge, type Tone } from '../../parts/shown/badge.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { type Column, Table } from '../../parts/shown/table.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'

type Model = Output<'get_embedding_status'>['models'][number]

/** It is counted tenant by tenant. */
const LOOK_EVERY_MS = 30_000

const TONES: Record<Model['state'], Tone> = { serving: 'good', filling: 'accent', retired: 'plain' }

const COLUMNS: readonly Column<Model>[] = [
  {
    key: 'name',
    head: 'Model',
    cell: ({ name, dimension }) => (
      <span className="wrap-anywhere">
        {name} <span className="text-soft">({dimension})</span>
      </span>
    ),
  },
  { key: 'state', head: 'State', cell: ({ state }) => <Badge tone={TONES[state]}>{state}</Badge> },
  {
    key: 'pending',
    head: 'Passages that wait',
    isFigure: true,
    cell: ({ pending, tenants_pending: tenants }) =>
      pending === 0 ? (
        <span className="text-soft">0</span>
      ) : (
        `${pending.toLocaleString()} in ${tenants.toLocaleString()} tenants`
      ),
  },
  {
    key: 'why',
    head: 'Tenants that wait for money',
    isFigure: true,
    isMinor: true,
    cell: ({ tenants_out_of_budget: budget, tenants_without_price: price }) => (
      <span className={budget + price === 0 ? 'text-soft' : 'font-medium'}>
        {(budget + price).toLocaleString()}
      </span>
    ),
  },
  {
    key: 'failed',
    head: 'Given up',
    isFigure: true,
    cell: ({ failed }) => (
      <span className={failed === 0 ? 'text-soft' : 'font-medium text-wrong'}>{failed.toLocaleString()}</span>
    ),
  },
]

export function Embeddings({ serving }: { readonly serving: string | null }) {
  const looked = useQuery({ ...operationQuery('get_embedding_status', {}), refetchInterval: LOOK_EVERY_MS })
  const retry = useChange('retry_embeddings', ['get_embedding_status', 'get_system_status'])
  const failed = (looked.data?.models ?? []).some(model => model.failed > 0)
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">Embeddings</h2>
        {failed && (
          <Button isBusy={retry.isPending} onClick={() => retry.mutate({})}>
            Try those given up again
          </Button>
        )}
      </div>
      {retry.isError && <ProblemNote problem={retry.error} />}
      {retry.isSuccess && (
        <p role="status" className="text-sm">
          {retry.data.retried.toLocaleString()} passages are taken up again.
        </p>
      )}
      {looked.isError && <ProblemNote problem={looked.error} onRetry={() => void looked.refetch()} />}
      {looked.isLoading && <Waiting what="the embedding models" />}
      {looked.data !== undefined && (
        <Table
          caption="Embedding models"
          rows={looked.data.models}
          columns={COLUMNS}
          keyOf={({ id }) => id}
        />
      )}
      {serving !== null && (looked.data?.models.length ?? 0) > 1 && (
        <p className="text-xs text-soft">Searches are answered with {serving}.</p>
      )}
    </div>
  )
}
