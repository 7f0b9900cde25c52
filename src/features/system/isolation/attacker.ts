// What runs the attacks of a check. The attacks themselves are among the proofs, which features do not know: whoever
// builds the server hands this in.
import type { DeploymentPrincipal } from '../../../gate/call.ts'

export interface PlannedAttack {
  /** Of the threat catalogue. */
  readonly id: string
  readonly title: string
  readonly group: string
}

export interface AttackOutcome extends PlannedAttack {
  /** `not_run` is no success: `detail` says why. `broke`: it ended with an error of its own. */
  readonly outcome: 'held' | 'found' | 'not_run' | 'broke'
  readonly detail: string
  /** How many tries it was, where they are counted. */
  readonly tries?: number | undefined
  readonly ms: number
}

export interface AttackRun {
  /** Who started it: makes the tenants, and removes them. */
  readonly principal: DeploymentPrincipal
  /** Ends the attacks; the tenants are removed in any case. */
  readonly signal: AbortSignal
  readonly onStage: (stage: 'attacking' | 'removing') => void
  /** A tenant is about to be made. */
  readonly onTenant: (slug: string) => void
  readonly onOutcome: (outcome: AttackOutcome) => void
}

export interface Attacker {
  readonly planned: readonly PlannedAttack[]
  /** Resolves when the tenants are gone again. Fails when the attacks could not be brought to their end. */
  run(run: AttackRun): Promise<{ readonly url: string; readonly requests: number }>
  /** Removes a throw-away tenant that a run left behind. Resolves with whether nothing of it is left. */
  removeLeft(slug: string, principal: DeploymentPrincipal): Promise<boolean>
}
