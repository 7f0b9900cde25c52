// How the outcome is shown: a table for people, one object for programs.
import type { Outcome } from './run-attacks.ts'

export interface Report {
  readonly url: string
  readonly started_at: string
  readonly seconds: number
  readonly requests: number
  readonly held: number
  readonly found: number
  readonly not_run: number
  readonly attacks: readonly Omit<Outcome, 'isBroken'>[]
}

export interface Facts {
  readonly url: URL
  readonly startedAt: Date
  readonly requests: number
  readonly outcomes: readonly Outcome[]
}

export function reportOf({ url, startedAt, requests, outcomes }: Facts): Report {
  const count = (verdict: Outcome['verdict']): number =>
    outcomes.filter(one => one.verdict === verdict).length
  return {
    url: url.origin,
    started_at: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
    requests,
    held: count('held'),
    found: count('found'),
    not_run: count('not run'),
    attacks: outcomes.map(({ isBroken: _, ...outcome }) => outcome),
  }
}

const SHOWN = { held: 'held', found: 'FOUND', 'not run': 'not run' } as const

export function tableOf(report: Report): string {
  const width = Math.max(...report.attacks.map(({ id }) => id.length), 2)
  const lines = report.attacks.flatMap(({ id, title, verdict, happened }) => [
    `${id.padEnd(width)}  ${SHOWN[verdict].padEnd(7)}  ${printable(title)}`,
    `${' '.repeat(width)}           → ${printable(happened)}`,
  ])
  return [...lines, '', summaryOf(report)].join('\n')
}

export function summaryOf({ url, seconds, requests, held, found, not_run: notRun }: Report): string {
  return `${url}: ${found} found, ${held} held, ${notRun} not run; ${requests} requests in ${seconds} s`
}

/** An answer of the server may stand in a sentence: nothing in it writes on the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '·')
}
