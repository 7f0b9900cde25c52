// The words and amounts that the operations on budgets share. Money travels as a text of whole nano-USD: a number of
// JSON would lose digits beyond 2^53, and could be a fraction.
import { z } from 'zod'
import { BUDGET_SCOPES, PERIODS } from '../../../gate/money/holds.ts'

/** Nine billion dollars: nothing in the database is larger, and sums of a few stay within 64 bits. */
export const MOST_NANO = 9_000_000_000_000_000_000n

/** "500000000" is $0.50. */
export const NanoAmount = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,18})$/, 'must be whole nano-USD as a text of digits, like "500000000" for $0.50')
  .refine(isWithinBounds, 'must be within 9000000000000000000 ($9,000,000,000)')

/** An amount in an answer: sums may be larger than what can be set. */
export const ShownNano = z.string().regex(/^\d{1,20}$/)

/** Also asked of texts that are no amount, which are refused for that. */
export function isWithinBounds(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return true
  const nano = BigInt(text)
  return nano <= MOST_NANO && nano >= -MOST_NANO
}

export const Scope = z
  .enum(BUDGET_SCOPES)
  .describe('Whose spending: of the whole tenant, a user, an API key, a model, a task.')
export const Period = z
  .enum(PERIODS)
  .describe('UTC: a day, a week from Monday, a calendar month; or all time.')
export const Action = z
  .enum(['alert', 'degrade', 'block'])
  .describe('What becomes of a call that does not fit: an alert alone, a cheaper model, a refusal.')

const NO_CONTROLS = /^[^\p{Cc}]*$/u
export const Member = z
  .string()
  .min(1)
  .max(200)
  .regex(NO_CONTROLS, 'must have no control characters')
  .refine(text => text.trim() === text, 'must not begin or end with a space')
  .describe(
    'Of a user, key, model ("openai:gpt-4") or task: which one. "*" is each of them by itself. Left out of a tenant.',
  )

/** What names one budget of a tenant. */
export const budgetName = { scope: Scope, member: Member.optional(), period: Period }

export interface BudgetName {
  readonly scope: z.output<typeof Scope>
  readonly member?: string | undefined
  readonly period: z.output<typeof Period>
}

/** For people and the audit: "tenant, month" or "user ada, day". */
export function spoken({ scope, member, period }: BudgetName): string {
  return `${member === undefined || member === '' ? scope : `${scope} ${member}`}, ${period}`
}
