// One budget at a glance: what it allows, what is spent, held and left, in which window, and when that begins anew.
import type { ReactNode } from 'react'
import { Meter } from '../../../parts/shown/meter.tsx'
import { Money, usdWords } from '../../../parts/shown/money.tsx'
import { Time } from '../../../parts/shown/time.tsx'
import { allowedNano, type Amounts, fullness, partOf, PER } from './budget-words.ts'

export interface BudgetFiguresProps {
  readonly name: string
  readonly budget: Amounts
  readonly thresholds?: readonly number[]
}

export function BudgetFigures({ name, budget, thresholds = [] }: BudgetFiguresProps) {
  const { percent, held_nano, spent_nano, left_nano, granted_nano, limit_nano, period } = budget
  const allowed = allowedNano(budget)
  const granted = granted_nano !== null && granted_nano !== '0'
  return (
    <div className="space-y-3">
      {spent_nano !== null && (
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
          <Figure
            words="Budget"
            note={
              granted ? (
                <>
                  with <Money nano={granted_nano} /> granted
                </>
              ) : (
                PER[period]
              )
            }
          >
            {allowed === null ? 'no limit' : <Money nano={allowed} />}
          </Figure>
          <Figure words="Spent" note={percent === null ? undefined : `${percent}\u00a0%`}>
            <Money nano={spent_nano} />
          </Figure>
          <Figure words="Held" note="by calls under way">
            <Money nano={held_nano ?? '0'} />
          </Figure>
          <Figure words="Remaining" isWrong={fullness(budget) === 'full'}>
            {left_nano === null ? 'no limit' : <Money nano={left_nano} />}
          </Figure>
        </dl>
      )}
      {percent !== null && (
        <Meter
          label={name}
          value={percent / 100}
          held={partOf(held_nano, allowed)}
          marks={thresholds.filter(mark => mark < 100).map(mark => mark / 100)}
          words={meterWords(budget)}
        />
      )}
      <p className="text-sm text-soft">
        {spent_nano === null && percent !== null && <>{percent} % of it is spent. </>}
        {limit_nano === null && percent === null && 'There is no limit. '}
        <Window budget={budget} />
        {thresholds.length > 0 && ` Alerts at ${thresholds.map(mark => `${mark}\u00a0%`).join(', ')}.`}
      </p>
    </div>
  )
}

/** When its window ends; all times can be seen in UTC on hover, by which windows are cut. */
export function Window({ budget: { resets_at } }: { readonly budget: Pick<Amounts, 'resets_at'> }) {
  return resets_at === null ? (
    <>It never resets.</>
  ) : (
    <>
      Resets <Time at={resets_at} form="whole" />.
    </>
  )
}

function meterWords({ percent, spent_nano, held_nano, left_nano }: Amounts): string {
  const spent = `${String(percent)} % spent`
  if (spent_nano === null || left_nano === null) return spent
  return `${spent}: ${usdWords(spent_nano)}, ${usdWords(held_nano ?? '0')} held, ${usdWords(left_nano)} left`
}

interface FigureProps {
  readonly words: string
  readonly note?: ReactNode
  readonly isWrong?: boolean
  readonly children: ReactNode
}

function Figure({ words, note, isWrong = false, children }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{words}</dt>
      <dd className={`text-lg font-semibold wrap-anywhere ${isWrong ? 'text-wrong' : ''}`}>{children}</dd>
      {note !== undefined && <dd className="figures text-xs text-soft">{note}</dd>}
    </div>
  )
}
