// The attacks of a check by group, with what came of each so far, and the counts. Pure.
import type { Output } from '../../api/call.ts'

type Followed = Output<'follow_isolation_check'>
export type Planned = Followed['planned'][number]
export type Outcome = Followed['outcomes'][number]

export interface Attempt extends Planned {
  /** Undefined while its turn is still to come. */
  readonly outcome: Outcome | undefined
}

export interface Group {
  readonly name: string
  readonly attempts: readonly Attempt[]
  readonly counts: Counts
}

export interface Counts {
  readonly held: number
  readonly found: number
  readonly not_run: number
  readonly broke: number
  /** Still to come. */
  readonly left: number
}

/** Outcomes come in the order of the plan. */
export function grouped(planned: readonly Planned[], outcomes: readonly Outcome[]): readonly Group[] {
  const attempts = planned.map<Attempt>((attack, index) => ({ ...attack, outcome: outcomes[index] }))
  return [...Map.groupBy(attempts, ({ group }) => group)].map(([name, own]) => ({
    name,
    attempts: own,
    counts: countsOf(own),
  }))
}

export function countsOf(attempts: readonly Attempt[]): Counts {
  const count = (wanted: Outcome['outcome'] | undefined) =>
    attempts.filter(({ outcome }) => outcome?.outcome === wanted).length
  return {
    held: count('held'),
    found: count('found'),
    not_run: count('not_run'),
    broke: count('broke'),
    left: count(undefined),
  }
}

/** "12 held, 1 found, 3 to come". */
export function countWords(counts: Counts): string {
  return WORDS.flatMap(([key, words]) => (counts[key] > 0 ? [`${counts[key]} ${words}`] : [])).join(', ')
}

const WORDS: readonly (readonly [keyof Counts, string])[] = [
  ['found', 'found'],
  ['broke', 'broke'],
  ['held', 'held'],
  ['not_run', 'not run'],
  ['left', 'to come'],
]
