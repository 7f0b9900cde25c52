// Budgets that are used up, or nearly: what that means for calls, when it ends, and what goes on all the same.
import type { ReactNode } from 'react'
import { Banner } from '../../../parts/shown/banner.tsx'
import { Money } from '../../../parts/shown/money.tsx'
import { Window } from './budget-figures.tsx'
import { type Amounts, fullness } from './budget-words.ts'

export interface NamedBudget {
  readonly key: string
  readonly name: string
  readonly budget: Amounts
}

export interface FullBannersProps {
  readonly budgets: readonly NamedBudget[]
  /** What can be done about those of the tenant. */
  readonly action?: ReactNode
}

/** At most so many: the table has them all. */
const SHOWN = 3

export function FullBanners({ budgets, action }: FullBannersProps) {
  const told = budgets.filter(({ budget }) => ['full', 'near'].includes(fullness(budget)))
  if (told.length === 0) return null
  return (
    <div className="mb-4 space-y-2">
      {told.slice(0, SHOWN).map(({ key, name, budget }, index) => (
        <Banner
          key={key}
          kind={fullness(budget) === 'full' && budget.action === 'block' ? 'wrong' : 'warn'}
          action={index === 0 ? action : undefined}
        >
          <p>
            <strong className="font-semibold">
              {name} is {fullness(budget) === 'full' ? 'used up' : 'almost used up'}.
            </strong>{' '}
            <Consequence budget={budget} /> <Window budget={budget} />
          </p>
        </Banner>
      ))}
      {told.length > SHOWN && (
        <p className="text-sm text-soft">And {told.length - SHOWN} more, in the table below.</p>
      )}
    </div>
  )
}

function Consequence({ budget }: { readonly budget: Amounts }) {
  const { action, degrade_to, left_nano } = budget
  if (action === 'alert') return <>Calls go on; it only tells.</>
  if (action === 'degrade')
    return degrade_to === null ? (
      <>Calls go on without a model that costs.</>
    ) : (
      <>Calls go on with {degrade_to}.</>
    )
  const free = 'Searching by words, reading and free models go on.'
  if (fullness(budget) === 'full') return <>Calls that cost are refused. {free}</>
  return (
    <>
      Calls that need more than {left_nano === null ? 'what is left' : <Money nano={left_nano} />} are
      refused. {free}
    </>
  )
}
