// Where a budget goes at the pace of the last seven whole days. It says what it is computed from, or nothing.
import { useQuery } from '@tanstack/react-query'
import { operationQuery } from '../../../api/operation-query.ts'
import type { Budget } from '../../../api/operations.gen.ts'
import { Money } from '../../../parts/shown/money.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { fullness } from '../budgets/budget-words.ts'
import { daysOf } from '../costs-params.ts'
import { useNow } from '../use-now.ts'
import { forecastOf, PACE_DAYS } from './forecast.ts'

const DAY_MS = 86_400_000
const FRESH_MS = 60_000

export function ForecastLine({ budget }: { readonly budget: Budget }) {
  const isShort = budget.period === 'day' || fullness(budget) === 'full'
  const now = useNow()
  const days = daysOf({ days: PACE_DAYS }, new Date(now.getTime() - DAY_MS))
  const { data } = useQuery({
    ...operationQuery('get_cost_report', { by: 'day', ...days }),
    enabled: !isShort,
    staleTime: FRESH_MS,
  })
  if (data === undefined || isShort) return null
  const forecast = forecastOf(
    budget,
    data.rows.map(({ cost_nano }) => cost_nano),
    now,
  )
  if (forecast === undefined) return null
  return (
    <p className="mt-1 text-sm text-soft">
      At the pace of the last {PACE_DAYS} days (<Money nano={forecast.perDayNano} /> a day) it comes to about{' '}
      <Money nano={forecast.byResetNano} /> by the reset
      {forecast.fullAt === undefined ? (
        '.'
      ) : (
        <>
          :{' '}
          <span className="font-medium text-warn">
            it is used up around <Time at={forecast.fullAt} form="day" />
          </span>
          .
        </>
      )}
    </p>
  )
}
