// What a run of a task works with.
import type { ReadCall, TenantPrincipal } from '../../../gate/call.ts'
import type { Grants } from '../../../gate/standing/granted.ts'
import type { TenantDoors } from '../../../platform/db/tenant-doors.ts'
import type { JournalHints } from '../../../platform/journal/hints.ts'
import type { Run } from '../../../platform/journal/run.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import type { Workflow } from '../workflows/workflow.ts'
import type { RunTask } from './begin-run.ts'
import type { EndShutOut } from './end-shut-out.ts'

export interface TaskCallContext {
  readonly task: Pick<RunTask, 'id' | 'label'>
  readonly workflow: Pick<Workflow, 'name'>
  readonly signal: AbortSignal
}

export interface RunDeps {
  readonly workflows: readonly Workflow[]
  /** The doors of a tenant for the work itself: its state, events and steps. */
  readonly doorsOf: (tenantId: string) => TenantDoors
  readonly grants: Grants
  /** A call as the task's user, whose spending is the task's. */
  readonly callAs: (principal: TenantPrincipal, context: TaskCallContext) => ReadCall
  readonly hints: JournalHints
  /** Absent without the owner's login: then tasks of a tenant that is shut out wait until it is let in again. */
  readonly endShutOut: EndShutOut | undefined
  readonly log: Pick<Logger, 'warn' | 'error'>
}

/** One run of a task, while it is under way. */
export interface RunningTask {
  readonly deps: RunDeps
  readonly doors: TenantDoors
  readonly task: RunTask
  readonly workflow: Workflow
  readonly run: Run
  /** Aborted with a fault that says why. */
  readonly signal: AbortSignal
  /** Ends the run from within, as soon as something shows that it cannot go on. */
  readonly giveUp: (why: unknown) => void
}
