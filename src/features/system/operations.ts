// What operators can ask about the deployment itself: how it stands, and whether its walls hold.
import type { Attacker } from './isolation/attacker.ts'
import { followIsolationCheck } from './isolation/follow-isolation-check.ts'
import { getLastIsolationCheck } from './isolation/get-last-isolation-check.ts'
import type { RunningChecks } from './isolation/run-checks.ts'
import { startIsolationCheck } from './isolation/start-isolation-check.ts'
import { getSystemStatus, type SystemStatusDeps } from './status/get-system-status.ts'

export interface SystemDeps {
  readonly status: SystemStatusDeps
  readonly attacker: Pick<Attacker, 'planned'>
  readonly checks: Pick<RunningChecks, 'begin'>
}

export function operations({ status, attacker, checks }: SystemDeps) {
  return [
    getSystemStatus(status),
    startIsolationCheck({ attacker, checks }),
    followIsolationCheck,
    getLastIsolationCheck,
  ]
}
