// Alerts as people are shown them: how far which budget is used, and whether somebody has been told.
import type { ListedAlert } from '../../../features/usage/alerts/list-alerts.ts'
import { dollars } from '../../../gate/money/money-text.ts'
import { tableLines, type Column } from './table.ts'

const COLUMNS: readonly Column<ListedAlert>[] = [
  { title: 'AT', of: ({ at }) => at.replace(/\.\d+Z$/, 'Z') },
  { title: 'BUDGET', of: ({ budget }) => [budget.scope, budget.member].filter(Boolean).join(' ') },
  { title: 'PERIOD', of: ({ budget }) => budget.period },
  { title: 'REACHED', of: ({ threshold_percent }) => `${threshold_percent}%`, isAmount: true },
  { title: 'SPENT', of: ({ spent_nano }) => dollars(BigInt(spent_nano)), isAmount: true },
  { title: 'HELD', of: ({ held_nano }) => dollars(BigInt(held_nano)), isAmount: true },
  { title: 'LIMIT', of: ({ limit_nano }) => dollars(BigInt(limit_nano)), isAmount: true },
  { title: 'TOLD', of: toldOf },
]

export function alertLines(alerts: readonly ListedAlert[]): string[] {
  return tableLines(COLUMNS, alerts)
}

function toldOf({ delivery, attempts, failure }: ListedAlert): string {
  const told = delivery.replace('_', ' ')
  return failure === null ? told : `${told}: ${failure} (${attempts})`
}
