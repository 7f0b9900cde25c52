// What an attack is, and what can come of it. An attack is one record: an id of the threat catalogue, what is tried,
// and how to try it on two tenants that exist for the occasion.
import type { DatabaseGround, Ground } from './ground/ground.ts'

export interface Verdict {
  /** `not run` is no success: it says why in `happened`. */
  readonly verdict: 'held' | 'found' | 'not run'
  /** A sentence for a person. */
  readonly happened: string
  /** How many tries it was, where they are counted. */
  readonly tries?: number
}

export interface Attack {
  readonly id: string
  readonly title: string
  run(ground: Ground): Promise<Verdict>
  /** Needs the login alone: it is run even where no tenant could be made, which a broken database may be the cause of. */
  readonly onDatabase?: (database: DatabaseGround) => Promise<Verdict>
}

export const held = (happened: string): Verdict => ({ verdict: 'held', happened })
export const found = (happened: string): Verdict => ({ verdict: 'found', happened })
export const notRun = (why: string): Verdict => ({ verdict: 'not run', happened: why })

/** A problem in words, or undefined when the try came to nothing. */
export type Problem = string | undefined

const MAX_SHOWN = 5

/** Found when one of the tries was successful; otherwise held, with how many there were and `saying`. */
export function judged(problems: readonly Problem[], saying: string): Verdict {
  const real = problems.filter(problem => problem !== undefined)
  if (problems.length === 0) return notRun('there was nothing to try it on')
  const tries = problems.length
  if (real.length === 0) return { ...held(`${tries} ${tries === 1 ? 'try' : 'tries'}: ${saying}`), tries }
  const more = real.length > MAX_SHOWN ? `; and ${real.length - MAX_SHOWN} more` : ''
  return { ...found(`${real.slice(0, MAX_SHOWN).join('; ')}${more}`), tries }
}

/** One after the other: an attack is a proof, not a load test. */
export async function each<Item>(
  items: Iterable<Item>,
  tried: (item: Item) => Promise<Problem>,
): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const item of items) problems.push(await tried(item))
  return problems
}
