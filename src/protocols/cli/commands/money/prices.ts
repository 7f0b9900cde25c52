// The commands on what models cost: for all tenants, or with --tenant for one. Typed in USD for a million units.
import { MOST_PER_MILLION } from '../../../../gate/money/prices/price-file.ts'
import { COMPONENTS } from '../../../../gate/money/usage.ts'
import { usd } from '../../../../gate/money/usd.ts'
import { fault } from '../../../../platform/faults.ts'
import { usdOption } from '../../usd-option.ts'
import type { OperationCommand } from '../operation-command.ts'

const model = ['<model>', '"openai:gpt-4o", or the bare name for every provider'] as const

const UNITS: Readonly<Record<(typeof COMPONENTS)[number], string>> = {
  input: 'of tokens that go in',
  cached_input: 'of tokens the provider had cached (default: as input)',
  cache_write: 'of tokens the provider caches (default: as input)',
  output: 'of tokens that come out',
  reasoning: 'of tokens of reasoning (default: as output)',
  embedding: 'of tokens that are embedded (default: as input)',
  rerank: 'of searches of a reranker',
}

interface Listed {
  readonly model: string
  readonly source: string
  readonly version: string
  readonly per_million_usd: Readonly<Record<string, string>>
  readonly per_million_nano: Readonly<Record<string, string>>
}

export const PRICE_COMMANDS: readonly OperationCommand[] = [
  {
    path: 'price list',
    says: 'list the prices that were set or seeded, USD for a million units',
    operation: 'list_prices',
    inTenant: { operation: 'list_tenant_prices', scopes: ['costs:read'] },
    input: () => ({}),
    show: result => rowsOf(result['prices'] as Listed[]),
    example: 'gatehouse price list --tenant acme',
  },
  {
    path: 'price show',
    says: 'show which price a model has, and where it is from',
    operation: 'get_price',
    inTenant: { operation: 'get_tenant_price', scopes: ['costs:read'] },
    argument: model,
    input: (_, name) => ({ model: name }),
    show: result => recordOf(result['price'] as Listed),
    example: 'gatehouse price show openai:gpt-4o --tenant acme',
  },
  {
    path: 'price set',
    says: 'set what a model costs from its next call on, USD for a million units',
    operation: 'set_price',
    inTenant: { operation: 'set_tenant_price', scopes: ['budgets:grant'] },
    argument: model,
    options: COMPONENTS.map(component => [`--${typed(component)} <usd>`, `a million ${UNITS[component]}`]),
    input: (options, name) => ({ model: name, per_million_nano: amountsIn(options) }),
    show: changed,
    example: 'gatehouse price set openai:gpt-4o --input 2.50 --cached-input 1.25 --output 10',
  },
  {
    path: 'price withdraw',
    says: 'end a price that was set; the sources after it hold again',
    operation: 'withdraw_price',
    inTenant: { operation: 'withdraw_tenant_price', scopes: ['budgets:grant'] },
    argument: model,
    input: (_, name) => ({ model: name }),
    show: changed,
    example: 'gatehouse price withdraw openai:gpt-4o --tenant acme',
  },
]

function typed(component: string): string {
  return component.replaceAll('_', '-')
}

/** Commander calls "--cached-input" cachedInput. */
function optionOf(component: string): string {
  return component.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function amountsIn(options: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = COMPONENTS.flatMap(component => {
    const nano = usdOption(typed(component), options[optionOf(component)], MOST_PER_MILLION)
    return nano === undefined ? [] : [[component, nano] as const]
  })
  if (given.length === 0)
    throw fault('invalid_input', {
      say: `Say what a million units cost, in USD: ${COMPONENTS.map(component => `--${typed(component)}`).join(', ')}.`,
    })
  return Object.fromEntries(given)
}

/** A column for each component that any of them has a price of. */
function rowsOf(prices: readonly Listed[]): Record<string, unknown>[] {
  const used = COMPONENTS.filter(component =>
    prices.some(price => price.per_million_usd[component] !== undefined),
  )
  return prices.map(({ model: name, source, version, per_million_usd }) => ({
    model: name,
    source,
    ...Object.fromEntries(used.map(component => [component, per_million_usd[component] ?? null])),
    version,
  }))
}

/** With what a thousand units cost, as price lists used to say it. */
function recordOf({ model: name, source, version, per_million_nano }: Listed): Record<string, unknown> {
  const amounts = Object.entries(per_million_nano).map(([component, nano]) => [
    component,
    `${usd(BigInt(nano))} USD per million, ${perThousand(BigInt(nano))} per thousand`,
  ])
  return { model: name, source, version, ...(Object.fromEntries(amounts) as Record<string, string>) }
}

/** A thousandth of a nano has three digits more. */
function perThousand(perMillion: bigint): string {
  const digits = perMillion.toString().padStart(13, '0')
  const part = digits.slice(-12).replace(/0+$/, '')
  return `${digits.slice(0, -12)}${part === '' ? '' : `.${part}`}`
}

function changed(result: Record<string, unknown>): Record<string, unknown> {
  const price = result['price'] as Listed | null
  return price === null ? { price: 'none: the model cannot be used' } : recordOf(price)
}
