// The commands on what was spent that are views of one operation; see ../cost/cost-command.ts for the others.
import { REPORTED_BY } from '../../../features/usage/reports/get-cost-report.ts'
import { reportLines, type CostReport } from '../cost/report-lines.ts'
import { usdOption } from '../usd-option.ts'
import type { OperationCommand } from './operation-command.ts'

export const COST_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'cost report',
    says: 'show what a tenant has spent, the dearest first, with a line of its days',
    operation: 'get_cost_report',
    scopes: ['costs:read'],
    options: [
      ['--by <what>', `${REPORTED_BY.join(', ')} (default: model)`],
      ['--from <day>', 'the first day, UTC (default: 29 days before the last)'],
      ['--to <day>', 'the last day, UTC (default: today)'],
      ['--limit <rows>', '1 to 1000 (default 100)'],
    ],
    input: ({ by, from, to, limit }) => ({
      by: by ?? 'model',
      from,
      to,
      limit: typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : limit,
    }),
    lines: shown => reportLines(shown as CostReport),
    example: 'gatehouse cost report --tenant acme --by user --from 2026-01-01 --to 2026-01-31',
  },
  {
    path: 'cost correct',
    says: 'correct a charge by a row of its own',
    operation: 'correct_charge',
    scopes: ['costs:read', 'budgets:grant'],
    argument: ['<charge>', 'the id of the charge, as `cost export` has it'],
    options: [
      ['--by <usd>', 'USD, e.g. -0.01 to give a cent back (required)'],
      ['--note <text>', 'why, for the ledger (required)'],
    ],
    input: ({ by, note }, charge) => ({ charge_id: charge, by_nano: signed(by), note }),
    example: 'gatehouse cost correct 0198f2c0-… --by -0.01 --note "the answer was cut off" --tenant acme',
  },
]

/** usdOption knows no amount below nothing: here it is the rule. */
function signed(typed: unknown): string | undefined {
  const text = typeof typed === 'string' ? typed : undefined
  if (text?.startsWith('-') !== true) return usdOption('by', typed)
  const nano = usdOption('by', text.slice(1))
  return nano === '0' ? nano : `-${nano}`
}
