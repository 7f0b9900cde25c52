// The commands on what a tenant, its users, keys, models and tasks may spend.
import type { Budget } from '../../../features/usage/budgets/budget-rows.ts'
import { budgetLines } from '../cost/budget-lines.ts'
import { usdOption } from '../usd-option.ts'
import type { OperationCommand } from './operation-command.ts'

const LOOK = ['costs:read']
const CHANGE = ['costs:read', 'budgets:write', 'budgets:grant']

const NAME = [
  ['--scope <scope>', 'whose: tenant (default), user, key, model or task'],
  ['--member <member>', 'which user, key, model or task; "*" is each of them by itself'],
  ['--period <period>', 'day, week, month (default) or lifetime; UTC'],
] as const

const nameIn = (options: Readonly<Record<string, unknown>>) => ({
  scope: options['scope'] ?? 'tenant',
  member: options['member'],
  period: options['period'] ?? 'month',
})
const one = (result: Record<string, unknown>): unknown => result['budget']
const lines = (shown: unknown): string[] => budgetLines([shown].flat() as Budget[])

export const BUDGET_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'budget show',
    says: 'show the budgets of a tenant: limits, what is spent, held and left',
    operation: 'list_budgets',
    scopes: LOOK,
    input: () => ({}),
    show: result => result['budgets'],
    lines,
    example: 'gatehouse budget show --tenant acme',
  },
  {
    path: 'budget set',
    says: 'limit what may be spent, from the next call on; what is left out stays',
    operation: 'set_budget',
    scopes: CHANGE,
    options: [
      ...NAME,
      ['--limit <usd>', 'USD, e.g. 0.50; 0 blocks (grants too), none is no limit'],
      ['--action <action>', 'when it is full: alert, degrade or block'],
      ['--degrade-to <model>', 'with degrade: the model to go on with'],
      ['--thresholds <list>', 'percent at which alerts are sent, with commas (default 50,80,95,100)'],
    ],
    input: options => ({
      ...nameIn(options),
      limit_nano: options['limit'] === 'none' ? null : usdOption('limit', options['limit']),
      action: options['action'],
      degrade_to: options['degradeTo'],
      thresholds: percents(options['thresholds']),
    }),
    show: one,
    lines,
    example: "gatehouse budget set --tenant acme --scope user --member '*' --period day --limit 0.50",
  },
  {
    path: 'budget grant',
    says: 'add to what may be spent, until the budget resets',
    operation: 'grant_budget',
    scopes: CHANGE,
    argument: ['<usd>', 'USD, e.g. 5'],
    options: [...NAME, ['--of <member>', 'of a budget for each ("*"): who gets the room']],
    input: (options, amount) => ({
      ...nameIn(options),
      of: options['of'],
      amount_nano: usdOption('amount', amount),
    }),
    show: one,
    lines,
    example: 'gatehouse budget grant 5 --tenant acme',
  },
  {
    path: 'budget delete',
    says: 'take a limit away',
    operation: 'delete_budget',
    scopes: CHANGE,
    options: NAME,
    input: nameIn,
    destroys: 'the limit and what was counted against it (the ledger stays)',
    example: 'gatehouse budget delete --tenant acme --scope user --member ada --period day --yes',
  },
  {
    path: 'budget follow-tier',
    says: 'give a tenant the monthly limit of its tier again',
    operation: 'follow_tier',
    scopes: CHANGE,
    input: () => ({}),
    show: one,
    lines,
    example: 'gatehouse budget follow-tier --tenant acme',
  },
]

/** What is no number goes as it is, to be refused: NaN would travel as null. */
function percents(typed: unknown): (number | string)[] | undefined {
  if (typeof typed !== 'string') return undefined
  return typed.split(',').map(text => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : text))
}
