// What somebody sees who may not see the costs of the tenant: the budgets that their own calls must fit in.
import { useQuery } from '@tanstack/react-query'
import { operationQuery } from '../../api/operation-query.ts'
import type { Output } from '../../api/call.ts'
import { Card } from '../../parts/shown/card.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { BudgetFigures } from './budgets/budget-figures.tsx'
import { actionWords, PERIOD_WORDS } from './budgets/budget-words.ts'
import { FullBanners } from './budgets/full-banners.tsx'

type OwnBudget = Output<'get_own_budgets'>['budgets'][number]

const REFRESH_MS = 15_000

export function OwnCosts() {
  const own = useQuery({ ...operationQuery('get_own_budgets', {}), refetchInterval: REFRESH_MS })
  const budgets = (own.data?.budgets ?? []).map(budget => ({
    key: `${budget.scope} ${budget.period}`,
    name: nameOf(budget),
    budget,
  }))
  return (
    <>
      <PageHead
        title="Costs"
        lead="The budgets that your calls must fit in. What others spend is for admins to see."
      />
      <FullBanners budgets={budgets} />
      {own.isError && <ProblemNote problem={own.error} onRetry={() => void own.refetch()} />}
      {own.isPending && <Waiting what="your budgets" />}
      <div className="space-y-4">
        {budgets.map(({ key, name, budget }) => (
          <Card key={key} title={name}>
            <BudgetFigures name={name} budget={budget} />
            <p className="mt-1 text-sm text-soft">When it is used up, it {actionWords(budget)}.</p>
          </Card>
        ))}
      </div>
    </>
  )
}

function nameOf({ scope, period }: OwnBudget): string {
  const words = `${PERIOD_WORDS[period]} budget`
  return { tenant: `The tenant’s ${words}`, user: `Your ${words}`, key: `The ${words} of your API key` }[
    scope
  ]
}
