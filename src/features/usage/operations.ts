// What can be asked about money: tiers, prices, budgets and their alerts, what was spent, and whether the books are right.
import type { Operation } from '../../gate/operation.ts'
import { operations as alerts, type AlertsDeps } from './alerts/operations.ts'
import { deleteBudget } from './budgets/delete-budget.ts'
import { followTier } from './budgets/follow-tier.ts'
import { getOwnBudgets } from './budgets/get-own-budgets.ts'
import { grantBudget } from './budgets/grant-budget.ts'
import { listBudgets } from './budgets/list-budgets.ts'
import { setBudget } from './budgets/set-budget.ts'
import { correctCharge } from './ledger/correct-charge.ts'
import { listLedger } from './ledger/list-ledger.ts'
import { verifyCosts } from './ledger/verify-costs.ts'
import { operations as prices, type PricesDeps } from './prices/operations.ts'
import { getCostReport } from './reports/get-cost-report.ts'
import { operations as tiers, type TiersDeps } from './tiers/operations.ts'

export interface UsageDeps {
  readonly alerts: AlertsDeps
  readonly prices: PricesDeps
  readonly tiers: TiersDeps
}

export function operations(deps: UsageDeps): Operation[] {
  return [
    listBudgets,
    getOwnBudgets,
    setBudget,
    deleteBudget,
    grantBudget,
    followTier,
    getCostReport,
    listLedger,
    correctCharge,
    verifyCosts,
    ...alerts(deps.alerts),
    ...prices(deps.prices),
    ...tiers(deps.tiers),
  ]
}
