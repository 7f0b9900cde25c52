// How prices look on the wire: nano-USD for a million units as texts of digits, by component.
import { z } from 'zod'
import { nanoField } from '../../../gate/money/nano-field.ts'
import { isModelName } from '../../../gate/money/prices/model-name.ts'
import { MOST_PER_MILLION } from '../../../gate/money/prices/price-file.ts'
import { COMPONENTS, type Component, type PerMillion, type Price } from '../../../gate/money/usage.ts'
import { usd } from '../../../gate/money/usd.ts'

export const modelField = z
  .string()
  .min(1)
  .max(200)
  .refine(isModelName, 'must be the name of one model, without blanks and wildcards')
  .describe('As it is configured ("openai:gpt-4o"), or its bare name at whichever provider ("gpt-4o").')

const amount = nanoField(MOST_PER_MILLION * 1_000_000_000n)

const fields = (describe: string) =>
  Object.fromEntries(
    COMPONENTS.map(component => [component, amount.optional().describe(describe)]),
  ) as Record<Component, z.ZodOptional<typeof amount>>

export const perMillionField = z
  .strictObject(fields('Nano-USD for a million units.'))
  .refine(given => Object.values(given).some(nano => nano !== undefined), 'give at least one price')
  .describe(
    'What is left out is not for sale; cached input costs what input does, reasoning what output does.',
  )

export const priceShape = z.strictObject({
  model: z.string(),
  source: z.enum(['tenant', 'operator', 'file', 'genai-prices', 'seed', 'free']),
  version: z.string().describe('Names the price in ledger and reports.'),
  per_million_nano: z.strictObject(fields('Nano-USD for a million units.')),
  per_million_usd: z.strictObject(
    Object.fromEntries(COMPONENTS.map(component => [component, z.string().optional()])) as Record<
      Component,
      z.ZodOptional<z.ZodString>
    >,
  ),
})
export type ShownPrice = z.output<typeof priceShape>

export function shownPrice({ model, version, perMillion }: Price): ShownPrice {
  return {
    model,
    source: version.slice(0, version.indexOf(':')) as ShownPrice['source'],
    version,
    per_million_nano: eachOf(perMillion, String),
    per_million_usd: eachOf(perMillion, usd),
  }
}

/** As the database keeps it. Every amount is below 2^53. */
export function storedPrice(given: z.output<typeof perMillionField>): string {
  return JSON.stringify(given, (_, nano: unknown) => (typeof nano === 'string' ? Number(nano) : nano))
}

function eachOf(perMillion: PerMillion, text: (nano: bigint) => string): Partial<Record<Component, string>> {
  return Object.fromEntries(Object.entries(perMillion).map(([component, nano]) => [component, text(nano)]))
}
