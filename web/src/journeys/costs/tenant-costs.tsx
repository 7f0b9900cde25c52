// What a tenant may spend, has spent and on what, for those who may see it; also when nothing is left.
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { operationQuery } from '../../api/operation-query.ts'
import type { Budget } from '../../api/operations.gen.ts'
import { may, sessionQuery } from '../../api/session.ts'
import { Said } from '../../parts/forms/said.tsx'
import { Card } from '../../parts/shown/card.tsx'
import { PageHead } from '../../parts/shown/page-head.tsx'
import { ProblemNote } from '../../parts/shown/problem-note.tsx'
import { Waiting } from '../../parts/shown/waiting.tsx'
import { AlertsCard } from './alerts/alerts-card.tsx'
import { BudgetFigures } from './budgets/budget-figures.tsx'
import { budgetKey, budgetName } from './budgets/budget-words.ts'
import { BudgetsCard } from './budgets/budgets-card.tsx'
import { FullBanners } from './budgets/full-banners.tsx'
import { ForecastLine } from './spent/forecast-line.tsx'
import { SpentCard } from './spent/spent-card.tsx'
import { TierCard, UpgradeButton } from './tier/tier-card.tsx'
import { useNames } from './use-names.ts'

const route = getRouteApi('/costs')
const REFRESH_MS = 15_000

export function TenantCosts() {
  const params = route.useSearch()
  const [said, setSaid] = useState('')
  const onUpgraded = (name: string) => setSaid(`The tenant is in the tier ${name} now.`)
  const { data: session } = useSuspenseQuery(sessionQuery)
  const nameOf = useNames()
  const list = useQuery({ ...operationQuery('list_budgets', {}), refetchInterval: REFRESH_MS })
  const offer = useQuery(operationQuery('get_tier_offer', {}))
  const budgets = list.data?.budgets ?? []
  const named = budgets.map(budget => ({
    key: budgetKey(budget),
    name: budgetName(budget, budget.scope === 'tenant' ? null : nameOf(budget.scope, budget.member)),
    budget,
  }))
  return (
    <>
      <PageHead
        title="Costs"
        lead="What the tenant may spend, what it has spent, and on what. All days are UTC."
      />
      <Said>{said}</Said>
      <FullBanners
        budgets={named}
        action={
          offer.data?.may_upgrade === true &&
          isTenantFull(budgets) && <UpgradeButton offer={offer.data} onUpgraded={onUpgraded} />
        }
      />
      <div className="space-y-4">
        {list.isError && <ProblemNote problem={list.error} onRetry={() => void list.refetch()} />}
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <div className="grid min-w-0 gap-4">
            {list.isPending && (
              <Card title="Budget">
                <Waiting what="the budgets" lines={5} />
              </Card>
            )}
            {named
              .filter(({ budget }) => budget.scope === 'tenant')
              .map(({ key, name, budget }) => (
                <Card key={key} title={name}>
                  <BudgetFigures name={name} budget={budget} thresholds={budget.thresholds} />
                  <ForecastLine budget={budget} />
                </Card>
              ))}
          </div>
          {offer.isPending && (
            <Card title="Tier">
              <Waiting what="the tier" lines={6} />
            </Card>
          )}
          {offer.isError && <ProblemNote problem={offer.error} onRetry={() => void offer.refetch()} />}
          {offer.data !== undefined && <TierCard offer={offer.data} onUpgraded={onUpgraded} />}
        </div>
        <SpentCard params={params} />
        {list.data !== undefined && (
          <BudgetsCard budgets={budgets} nameOf={nameOf} maySet={may(session, 'budgets:write')} />
        )}
        <AlertsCard />
      </div>
    </>
  )
}

/** Another tier helps only there. */
function isTenantFull(budgets: readonly Budget[]): boolean {
  return budgets.some(
    ({ scope, percent, tier }) => scope === 'tenant' && tier !== null && percent !== null && percent >= 95,
  )
}
