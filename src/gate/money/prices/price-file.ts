// The project's own price list: a JSON file that GATEHOUSE_PRICES_FILE names, read once, at the start. A file that says
// anything that is not understood ends the start: a price that is skipped in silence would be somebody else's.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { fault, type Fault } from '../../../platform/faults.ts'
import { COMPONENTS, type PerMillion } from '../usage.ts'
import { nanoOf, usdProblem } from '../usd.ts'
import { isModelName } from './model-name.ts'

/** USD for a million units at most: nine dollars a token. */
export const MOST_PER_MILLION = 9_000_000n

export interface PriceFile {
  /** "file:<first 12 of its SHA-256>" */
  readonly version: string
  readonly prices: ReadonlyMap<string, PerMillion>
}

const amount = z
  .union([z.string(), z.number()], 'must be USD as decimal text, like "2.50"')
  .superRefine((value, context) => {
    const problem = isExact(value)
      ? usdProblem(String(value), MOST_PER_MILLION)
      : 'has more digits than a JSON number keeps: write it as text'
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })

const components = Object.fromEntries(COMPONENTS.map(name => [name, amount.optional()])) as Record<
  (typeof COMPONENTS)[number],
  z.ZodOptional<typeof amount>
>

const contents = z.strictObject({
  usd_per_million: z.array(
    z
      .strictObject({
        model: z.string().refine(isModelName, 'must be one model’s name, without blanks or wildcards'),
        ...components,
      })
      .refine(entry => COMPONENTS.some(name => entry[name] !== undefined), 'has no price in it'),
  ),
})

/** Throws `invalid_input` (`price_file`) with every mistake there is and where. */
export async function readPriceFile(path: string): Promise<PriceFile> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw refused([`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`])
  }
  const version = `file:${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`
  return { version, prices: parsePrices(bytes.toString('utf8'), path) }
}

/** The prices in a file's text, nano-USD for a million units. `path` for what is said of mistakes. */
export function parsePrices(text: string, path: string): Map<string, PerMillion> {
  const parsed = contents.safeParse(json(text, path))
  if (!parsed.success)
    throw refused(parsed.error.issues.map(issue => `${path}: ${issue.path.join('.')} ${issue.message}`))
  const prices = new Map<string, PerMillion>()
  for (const { model, ...amounts } of parsed.data.usd_per_million) {
    if (prices.has(model)) throw refused([`${path}: ${model} is there twice`])
    const nanos = Object.entries(amounts).flatMap(([component, value]) =>
      value === undefined ? [] : [[component, nanoOf(String(value), MOST_PER_MILLION)]],
    )
    prices.set(model, Object.fromEntries(nanos) as PerMillion)
  }
  return prices
}

function json(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw refused([`${path} is not JSON: ${(error as Error).message}`])
  }
}

/** A JSON number of up to 15 digits is read back as it was written. */
function isExact(value: string | number): boolean {
  return typeof value === 'string' || String(value).replaceAll(/\D/g, '').length <= 15
}

function refused(problems: readonly string[]): Fault {
  return fault('invalid_input', {
    reason: 'price_file',
    say: `GATEHOUSE_PRICES_FILE is not valid:\n${problems.map(line => `  ${line}`).join('\n')}`,
  })
}
