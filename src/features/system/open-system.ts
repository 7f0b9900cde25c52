// The feature with what goes on in it: the operations' dependencies, and the end of the check that may be running.
import type { Attacker } from './isolation/attacker.ts'
import { runChecks, type RunChecksDeps } from './isolation/run-checks.ts'
import type { SystemDeps } from './operations.ts'

export interface SystemParts extends Pick<RunChecksDeps, 'database' | 'log'> {
  readonly attacker: Attacker
  readonly status: Omit<SystemDeps['status'], 'engine'>
}

export interface OpenSystem {
  readonly deps: SystemDeps
  /** Ends the check that runs in this process. */
  stop(): Promise<void>
}

export function openSystem({ database, log, attacker, status }: SystemParts): OpenSystem {
  const checks = runChecks({ database, attacker, version: status.version, log })
  return { deps: { attacker, checks, status: { ...status, engine: database.engine } }, stop: checks.stop }
}
