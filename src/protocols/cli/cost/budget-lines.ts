// Budgets as people are shown them: dollars, a bar, and when they are free again.
import type { Budget } from '../../../features/usage/budgets/budget-rows.ts'
import { dollars } from '../../../gate/money/money-text.ts'
import { fillBar } from './spark-line.ts'
import { tableLines, type Column } from './table.ts'

const COLUMNS: readonly Column<Budget>[] = [
  { title: 'BUDGET', of: nameOf },
  { title: 'LIMIT', of: limitOf, isAmount: true },
  { title: 'SPENT', of: ({ spent_nano }) => amount(spent_nano), isAmount: true },
  { title: 'HELD', of: ({ held_nano }) => amount(held_nano), isAmount: true },
  { title: 'GRANTED', of: ({ granted_nano }) => amount(granted_nano), isAmount: true },
  {
    title: 'LEFT',
    of: ({ left_nano }) => (left_nano === null ? 'no limit' : amount(left_nano)),
    isAmount: true,
  },
  { title: 'USED', of: ({ percent }) => (percent === null ? '–' : `${percent}%`), isAmount: true },
  { title: '', of: barOf },
  { title: 'RESETS', of: ({ resets_at }) => resets_at?.replace(/:\d\d\.\d+Z$/, 'Z') ?? 'never' },
  { title: 'FULL', of: actionOf },
]

export function budgetLines(budgets: readonly Budget[]): string[] {
  return tableLines(COLUMNS, budgets)
}

function nameOf({ scope, member, each, period }: Budget): string {
  const whose = member === null ? scope : `${scope} ${member === '*' ? '(each)' : member}`
  return `${whose}, ${period}${each && member !== '*' ? ' (of each)' : ''}`
}

function limitOf({ limit_nano, granted_nano, tier }: Budget): string {
  const isBlocked = limit_nano === '0' && granted_nano === '0'
  const limit = limit_nano === null ? 'none' : isBlocked ? 'blocked' : amount(limit_nano)
  return tier === null ? limit : `${limit} (${tier})`
}

function barOf({ limit_nano, granted_nano, spent_nano, held_nano }: Budget): string {
  if (limit_nano === null) return ''
  return fillBar(BigInt(spent_nano), BigInt(held_nano), BigInt(limit_nano) + BigInt(granted_nano))
}

function actionOf({ action, degrade_to }: Budget): string {
  return degrade_to === null ? action : `${action} to ${degrade_to}`
}

function amount(nano: string): string {
  return dollars(BigInt(nano))
}
