// The last check that has ended: what held, what was found, and the report to keep.
import { Download } from 'lucide-react'
import type { Output } from '../../api/call.ts'
import { Button } from '../../parts/actions/button.tsx'
import { Banner } from '../../parts/shown/banner.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { durationWords, Time } from '../../parts/shown/time.tsx'
import { Attempts } from './attempts.tsx'
import { grouped } from './grouped.ts'

type Last = Output<'get_last_isolation_check'>
type Ended = NonNullable<Last['last']>
type Report = Ended['report']

export function BrokenCheck({ check }: { readonly check: NonNullable<Last['broken']> }) {
  return (
    <Banner kind="warn">
      The check begun <Time at={check.started_at} /> did not come to its end: {check.say}
    </Banner>
  )
}

export function EndedCheck({ check }: { readonly check: Ended }) {
  const { report, started_at, started_by } = check
  const { found, held, not_run, broke, requests } = report
  const took = Date.parse(report.finished_at) - Date.parse(report.started_at)
  return (
    <div className="space-y-4">
      <Card
        title="The last check"
        actions={
          <Button onClick={() => save(report, check.check_id)}>
            <Download size={14} aria-hidden="true" /> Report as JSON
          </Button>
        }
      >
        <Verdict report={report} />
        <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-4">
          <Figure name="held" value={held} />
          <Figure name="found" value={found} isAlarming={found > 0} />
          <Figure name="not run" value={not_run} />
          <Figure name="broke" value={broke} isAlarming={broke > 0} />
        </dl>
        <p className="mt-3 text-xs text-soft wrap-anywhere">
          Begun <Time at={started_at} form="whole" /> by <bdi>{started_by.replace(/^operator:/, '')}</bdi>;{' '}
          {requests.toLocaleString()} requests to {report.url} in {durationWords(took)}; Gatehouse{' '}
          {report.version}.
        </p>
      </Card>
      <Attempts groups={grouped(report.attacks, report.attacks)} />
    </div>
  )
}

function Verdict({ report: { found, broke, held, not_run } }: { readonly report: Report }) {
  if (found > 0)
    return (
      <p className="text-md font-medium text-wrong">
        {found === 1 ? 'One attack was successful.' : `${found} attacks were successful.`} Take the deployment
        from the network until they are mended.
      </p>
    )
  return (
    <p className="text-md font-medium">
      {broke > 0
        ? 'Nothing was found, but not every attack came to its end.'
        : `All ${held} attacks that ran came to nothing.`}
      {not_run > 0 && (
        <span className="font-normal text-soft"> {not_run} could not be run here; each says why.</span>
      )}
    </p>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: number
  readonly isAlarming?: boolean
}

function Figure({ name, value, isAlarming = false }: FigureProps) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className={`figures text-lg font-semibold ${isAlarming ? 'text-wrong' : ''}`}>
        {value.toLocaleString()}
      </dd>
    </div>
  )
}

function save(report: Report, id: string): void {
  const file = new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: 'application/json' })
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = `isolation-${report.started_at.slice(0, 10)}-${id.slice(-8)}.json`
  link.click()
  URL.revokeObjectURL(address)
}
