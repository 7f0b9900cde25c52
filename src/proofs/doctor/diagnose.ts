// `gatehouse doctor`: looks at a deployment from all sides, changes nothing, and says for each finding how to mend it.
import { printFinding, printResult } from '../../protocols/cli/output.ts'
import { checks } from './checks/checks.ts'
import { gatherFacts, type GatherDeps } from './facts/gather-facts.ts'
import type { Finding } from './finding.ts'

export interface DoctorOptions {
  readonly strict?: boolean
  readonly json?: boolean
}

/** Resolves with the exit code: 0, or 8 when there is an error (with --strict: or a warning). */
export async function diagnose(
  { strict = false, json = false }: DoctorOptions,
  deps: GatherDeps,
): Promise<number> {
  const findings = checks(await gatherFacts(deps))
  if (json) printResult(findings, { json: true })
  else process.stdout.write(`${linesOf(findings)}\n`)
  const count = (severity: Finding['severity']): number =>
    findings.filter(one => one.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors === 0 && !(strict && warnings > 0)) return 0
  return printFinding('deployment_unsound', `${errors} errors and ${warnings} warnings.`)
}

const MARK = { error: 'ERROR', warning: 'warning', ok: 'ok' } as const

/** What is wrong comes first. */
export function linesOf(findings: readonly Finding[]): string {
  const order = { error: 0, warning: 1, ok: 2 }
  const width = Math.max(...findings.map(({ id }) => id.length))
  return findings
    .toSorted((one, other) => order[one.severity] - order[other.severity])
    .flatMap(({ id, severity, seen, fix }) => [
      `${MARK[severity].padEnd(7)}  ${id.padEnd(width)}  ${seen.replaceAll('\n', ' ')}`,
      ...(fix === undefined ? [] : [`${' '.repeat(9 + width)}  → ${fix}`]),
    ])
    .join('\n')
}
