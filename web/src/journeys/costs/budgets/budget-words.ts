// A budget in words and shares: whose it is, of which time, how full, and what happens when it is.
import type { Budget } from '../../../api/operations.gen.ts'

/** What is known of any budget, one's own or one of the tenant's. */
export type Amounts = {
  readonly [Key in 'limit_nano' | 'granted_nano' | 'spent_nano' | 'held_nano' | 'left_nano']: string | null
} & Pick<Budget, 'percent' | 'period' | 'resets_at' | 'action' | 'degrade_to'>

export const PERIOD_WORDS: Record<Budget['period'], string> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  lifetime: 'lifetime',
}

export const PER: Record<Budget['period'], string> = {
  day: 'a day',
  week: 'a week',
  month: 'a month',
  lifetime: 'in all',
}

/** "The tenant’s monthly budget", "The daily budget of tomas". `name` is what people call the member. */
export function budgetName(
  { scope, member, period }: Pick<Budget, 'scope' | 'member' | 'period'>,
  name = member,
): string {
  const words = `${PERIOD_WORDS[period]} budget`
  if (scope === 'tenant') return `The tenant’s ${words}`
  if (member === '*') return `The ${words} of each ${SCOPE_WORDS[scope]}`
  return `The ${words} of ${name ?? ''}`
}

/** Tells budgets apart that stand in one list. */
export function budgetKey({
  scope,
  member,
  period,
  each,
}: Pick<Budget, 'scope' | 'member' | 'period' | 'each'>): string {
  return [scope, member ?? '', period, each ? 'each' : 'one'].join(' ')
}

export const SCOPE_WORDS: Record<Budget['scope'], string> = {
  tenant: 'tenant',
  user: 'user',
  key: 'API key',
  model: 'model',
  task: 'task',
}

/** full: nothing more can be reserved. near: what is left may be less than a call needs. */
export type Fullness = 'full' | 'near' | 'filling' | 'room' | 'unlimited'

export function fullness({ left_nano, percent }: Pick<Amounts, 'left_nano' | 'percent'>): Fullness {
  if (percent === null) return 'unlimited'
  if (left_nano === '0' || percent >= 100) return 'full'
  if (percent >= 95) return 'near'
  return percent >= 80 ? 'filling' : 'room'
}

/** What its limit and what was granted allow; null: no limit, or not known. */
export function allowedNano({
  limit_nano,
  granted_nano,
}: Pick<Amounts, 'limit_nano' | 'granted_nano'>): string | null {
  return limit_nano === null ? null : String(BigInt(limit_nano) + BigInt(granted_nano ?? 0))
}

/** For drawing alone: what part of the whole is taken, 0 to 1 and more. */
export function partOf(part: string | null, whole: string | null): number {
  if (part === null || whole === null) return 0
  if (whole === '0') return 1
  return Number((BigInt(part) * 10_000n) / BigInt(whole)) / 10_000
}

export function actionWords({ action, degrade_to }: Pick<Amounts, 'action' | 'degrade_to'>): string {
  if (action === 'block') return 'refuses calls'
  if (action === 'alert') return 'only tells'
  return degrade_to === null ? 'goes on without a model' : `goes on with ${degrade_to}`
}
