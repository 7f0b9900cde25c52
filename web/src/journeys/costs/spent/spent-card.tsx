// What was spent in some days: the trend, and by what. Days and order stand in the address; the export is of the same.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Output } from '../../../api/call.ts'
import { operationQuery } from '../../../api/operation-query.ts'
import { LinkButton } from '../../../parts/actions/button.tsx'
import { Views } from '../../../parts/actions/views.tsx'
import { Said } from '../../../parts/forms/said.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { EmptyState } from '../../../parts/shown/empty-state.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { type By, BYS, type CostsParams, daysOf } from '../costs-params.ts'
import { useNames } from '../use-names.ts'
import { useNow } from '../use-now.ts'
import { Breakdown, BY_WORDS } from './breakdown.tsx'
import { DownloadMenu } from './download-menu.tsx'
import { RangePicker } from './range-picker.tsx'
import { slicesOf } from './slices.ts'
import { Trend } from './trend.tsx'

const REFRESH_MS = 30_000

export function SpentCard({ params }: { readonly params: CostsParams }) {
  const { by = 'model' } = params
  const days = daysOf(params, useNow())
  const [saved, setSaved] = useState('')
  const [problem, setProblem] = useState<unknown>()
  const report = useQuery({
    ...operationQuery('get_cost_report', { by, ...days, limit: 200 }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  })
  const menu = (
    <DownloadMenu
      by={by}
      days={days}
      onSaved={name => {
        setProblem(undefined)
        setSaved(`Saved ${name}.`)
      }}
      onProblem={setProblem}
    />
  )
  return (
    <Card title="What was spent" actions={menu}>
      <Said>{saved}</Said>
      {problem !== undefined && <ProblemNote problem={problem} />}
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <RangePicker params={params} days={days} />
        {report.data !== undefined && <Totals report={report.data} />}
      </div>
      {report.isError && <ProblemNote problem={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && (
        // So high as what comes, so that nothing below it jumps.
        <div className="min-h-128">
          <Waiting what="the costs" lines={8} />
        </div>
      )}
      {report.data !== undefined && (
        <Spent params={params} by={by} report={report.data} isOld={report.isPlaceholderData} />
      )}
    </Card>
  )
}

function Totals({ report: { total } }: { readonly report: Output<'get_cost_report'> }) {
  return (
    <p className="figures text-sm text-soft">
      <span className="font-semibold text-ink">
        <Money nano={total.cost_nano} />
      </span>{' '}
      in {total.requests.toLocaleString()} requests, {total.units_in.toLocaleString()} tokens in and{' '}
      {total.units_out.toLocaleString()} out
    </p>
  )
}

interface SpentProps {
  readonly params: CostsParams
  readonly by: By
  readonly report: Output<'get_cost_report'>
  /** Of what was asked before, while the new answer is on its way. */
  readonly isOld: boolean
}

function Spent({ params, by, report, isOld }: SpentProps) {
  const nameOf = useNames()
  const slices = useMemo(() => slicesOf(report.rows, report.total), [report])
  if (report.rows.length === 0)
    return (
      <EmptyState
        title="Nothing was spent in these days"
        action={
          <>
            <LinkButton to="/ask" look="strong">
              Ask the documents
            </LinkButton>
            <LinkButton to="/connect">Connect an agent</LinkButton>
          </>
        }
      >
        What a model is asked stands here with its tokens and its cost. Searching by words costs nothing, nor
        do answers that are quoted without a model.
      </EmptyState>
    )
  return (
    <div className={`space-y-5 transition-opacity ${isOld ? 'opacity-60' : ''}`} aria-busy={isOld}>
      <Trend days={report.days} slices={slices} />
      <div>
        <Views
          of="Told apart by"
          views={BYS.map(one => ({
            label: BY_WORDS[one],
            to: { to: '/costs', search: { ...params, by: one }, resetScroll: false },
            isCurrent: one === by,
          }))}
        />
        {by === 'label' && (
          <p className="-mt-2 mb-3 text-sm text-soft">
            What it was for, as whoever asked has said it: a client’s matter, a project.
          </p>
        )}
        <Breakdown
          by={report.by === by ? by : (report.by as By)}
          report={report}
          slices={slices}
          nameOf={nameOf}
        />
      </div>
    </div>
  )
}
