// The commands on tiers: what a tenant may spend in a month, how often it may call, which models it may ask for.
import { usd } from '../../../../gate/money/usd.ts'
import { usdOption } from '../../usd-option.ts'
import type { OperationCommand } from '../operation-command.ts'

const tier = ['<tier>', 'its short name'] as const

export const TIER_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'tier list',
    says: 'list the tiers, with what a tenant may spend a month in USD',
    operation: 'list_tiers',
    input: () => ({}),
    show: result => (result['tiers'] as Record<string, unknown>[]).map(shown),
    example: 'gatehouse tier list',
  },
  {
    path: 'tier show',
    says: 'show a tier',
    operation: 'get_tier',
    argument: tier,
    input: (_, id) => ({ tier: id }),
    show: shownTier,
    example: 'gatehouse tier show pro',
  },
  {
    path: 'tier set',
    says: 'make a tier or change one; what is left out stays',
    operation: 'set_tier',
    argument: tier,
    options: [
      ['--name <name>', 'what people call it'],
      ['--limit <usd>', 'USD a month, e.g. 25; 0 is nothing, none is no limit'],
      ['--requests-per-minute <count>', 'calls a minute of a tenant; none is the rate of the deployment'],
      ['--models <list>', 'models that may be asked for, with commas: llama3.2,openai:gpt-4o,ollama:* or *'],
      ['--next <tier>', 'the tier a refusal points to, or none'],
      ['--price <usd>', 'USD a month that tenants are shown, or none; nothing is charged'],
      ['--self-service <yes|no>', 'whether tenants of the tier before it may move into it by themselves'],
    ],
    input: (options, id) => ({
      tier: id,
      name: options['name'],
      limit_nano: orNone(options['limit'], text => usdOption('limit', text)),
      requests_per_minute: orNone(options['requestsPerMinute'], counted),
      models: listed(options['models']),
      next_tier: orNone(options['next'], String),
      price_nano: orNone(options['price'], text => usdOption('price', text)),
      self_service: yesOrNo(options['selfService']),
    }),
    show: shownTier,
    example: 'gatehouse tier set pro --limit 25 --requests-per-minute 100 --models llama3.2,openai:gpt-4o',
  },
  {
    path: 'tier delete',
    says: 'remove a tier that no tenant is in',
    operation: 'delete_tier',
    argument: tier,
    input: (_, id) => ({ tier: id }),
    destroys: 'the tier',
    example: 'gatehouse tier delete trial --yes',
  },
]

function orNone<Value>(typed: unknown, read: (text: string) => Value): Value | null | undefined {
  if (typeof typed !== 'string') return undefined
  return typed === 'none' ? null : read(typed)
}

/** What is neither goes as it is, to be refused. */
function yesOrNo(typed: unknown): unknown {
  return typed === 'yes' ? true : typed === 'no' ? false : typed
}

/** What is no number goes as it is, to be refused: NaN would travel as null. */
function counted(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

function listed(typed: unknown): string[] | undefined {
  if (typeof typed !== 'string') return undefined
  return typed
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

function shownTier(result: Record<string, unknown>): Record<string, unknown> {
  return shown(result['tier'] as Record<string, unknown>)
}

function shown({ limit_nano, price_nano, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const { id, name, ...others } = rest
  return { id, name, limit_usd: dollarsOrNone(limit_nano), price_usd: dollarsOrNone(price_nano), ...others }
}

function dollarsOrNone(nano: unknown): string {
  return typeof nano === 'string' ? usd(BigInt(nano)) : 'none'
}
