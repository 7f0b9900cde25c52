// How a check is shown: its outcomes, and the report that is kept and can be downloaded.
import { z } from 'zod'
import type { AttackOutcome } from './attacker.ts'

export const plannedShape = z.strictObject({
  id: z.string().describe('Of the threat catalogue.'),
  title: z.string(),
  group: z.string(),
})

export const outcomeShape = plannedShape.extend({
  outcome: z.enum(['held', 'found', 'not_run', 'broke']),
  detail: z.string().describe('What happened, in a sentence; of an attack that was not run, why.'),
  tries: z.int().nullable().describe('How many tries it was; null where they are not counted.'),
  ms: z.int(),
})

export const reportShape = z.strictObject({
  url: z.string().describe('The address that was attacked.'),
  version: z.string(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  requests: z.int(),
  held: z.int(),
  found: z.int(),
  not_run: z.int(),
  broke: z.int(),
  attacks: z.array(outcomeShape),
})

export const checkFacts = {
  check_id: z.uuid(),
  state: z.enum(['running', 'done', 'broken']),
  stage: z.enum(['preparing', 'attacking', 'removing', 'ended']),
  say: z.string().nullable().describe('Why it broke.'),
  started_by: z.string(),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
}

export type Outcome = z.infer<typeof outcomeShape>
export type Report = z.infer<typeof reportShape>

export interface ReportFacts {
  readonly url: string
  readonly version: string
  readonly requests: number
  readonly startedAt: Date
  readonly outcomes: readonly AttackOutcome[]
}

export function reportOf({ url, version, requests, startedAt, outcomes }: ReportFacts): Report {
  const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length
  return {
    url,
    version,
    started_at: startedAt.toISOString(),
    finished_at: new Date().toISOString(),
    requests,
    held: count('held'),
    found: count('found'),
    not_run: count('not_run'),
    broke: count('broke'),
    attacks: outcomes.map(shownOutcome),
  }
}

export function shownOutcome({ id, title, group, outcome, detail, tries, ms }: AttackOutcome): Outcome {
  return { id, title, group, outcome, detail, tries: tries ?? null, ms }
}
