// Budgets that have told of themselves: which threshold, when, and whether anybody was reached.
import { useQuery } from '@tanstack/react-query'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Alert } from '../../../api/operations.gen.ts'
import { Badge, type Tone } from '../../../parts/shown/badge.tsx'
import { Card } from '../../../parts/shown/card.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { ProblemNote } from '../../../parts/shown/problem-note.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { Waiting } from '../../../parts/shown/waiting.tsx'
import { budgetName } from '../budgets/budget-words.ts'
import { useNames } from '../use-names.ts'

const REFRESH_MS = 30_000
const SHOWN = 10

const DELIVERY: Record<Alert['delivery'], readonly [Tone, string]> = {
  waiting: ['plain', 'being sent'],
  delivered: ['good', 'sent'],
  given_up: ['wrong', 'not delivered'],
  no_webhook: ['plain', 'nobody to tell'],
}

export function AlertsCard() {
  const alerts = useQuery({ ...operationQuery('list_alerts', { limit: SHOWN }), refetchInterval: REFRESH_MS })
  const { isError, isPending, data } = alerts
  return (
    <Card title="Alerts" isFlush={data !== undefined && data.alerts.length > 0}>
      {isError && <ProblemNote problem={alerts.error} onRetry={() => void alerts.refetch()} />}
      {isPending && <Waiting what="the alerts" />}
      {data?.alerts.length === 0 && (
        <p className="text-sm text-soft">
          None so far. A budget tells once in each window when it reaches one of its thresholds.
        </p>
      )}
      {data !== undefined && data.alerts.length > 0 && (
        <ul className="divide-y divide-line">
          {data.alerts.map(alert => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      {data?.alerts.some(({ delivery }) => delivery === 'no_webhook') === true && (
        <p className="border-t border-line px-4 py-2 text-sm text-soft">
          Nobody is told outside of this page:{' '}
          <code className="font-mono text-xs">gatehouse webhook create</code> has alerts posted to an address,
          signed.
        </p>
      )}
    </Card>
  )
}

function AlertLine({ alert }: { readonly alert: Alert }) {
  const nameOf = useNames()
  const { budget, threshold_percent: percent, spent_nano, limit_nano, at } = alert
  const [tone, words] = DELIVERY[alert.delivery]
  const { scope, member } = budget
  const name = scope === 'tenant' ? member : nameOf(scope, member)
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-0.5 px-4 py-2 text-sm">
      <span className="min-w-0 wrap-anywhere">
        <Badge
          tone={percent >= 100 ? 'wrong' : percent >= 80 ? 'warn' : 'plain'}
        >{`${percent}\u00a0%`}</Badge>{' '}
        <bdi>{budgetName(budget, name)}</bdi>
      </span>
      <span className="flex flex-wrap items-baseline gap-x-2 text-xs text-soft">
        <span>
          <Money nano={spent_nano} /> of <Money nano={limit_nano} />
        </span>
        <Badge tone={tone} title={alert.failure ?? ''}>
          {words}
        </Badge>
        <Time at={at} />
      </span>
    </li>
  )
}
