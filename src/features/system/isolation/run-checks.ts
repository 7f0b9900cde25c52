// Runs a check behind the call that started it: whoever asked may go, the check ends with its report and without its
// tenants. What happens is written down as it happens, so that anybody can follow it, through any process.
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentPrincipal } from '../../../gate/call.ts'
import type { Database, Writer } from '../../../platform/db/database.ts'
import { asFault } from '../../../platform/faults.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import type { Attacker, AttackOutcome } from './attacker.ts'
import { forgetTenants, noted } from './check-rows.ts'
import { reportOf, shownOutcome } from './check-shape.ts'

export interface RunChecksDeps {
  readonly database: Database
  readonly attacker: Attacker
  readonly version: string
  readonly log: Pick<Logger, 'error' | 'info'>
}

export interface BegunCheck {
  readonly id: string
  readonly principal: DeploymentPrincipal
  /** Tenants that earlier checks left behind. */
  readonly left: readonly string[]
}

export interface RunningChecks {
  /** Goes on by itself. */
  begin(check: BegunCheck): void
  /** Ends the check of this process; its tenants are shut out before this resolves, where the time suffices. */
  stop(): Promise<void>
}

const BEAT_MS = 5_000
const STOP_MS = 5_000

export function runChecks(deps: RunChecksDeps): RunningChecks {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  return {
    begin(check) {
      const ends = runCheck(deps, check, stopping.signal)
        .catch((error: unknown) =>
          deps.log.error({ err: error }, 'an isolation check could not be put on record'),
        )
        .finally(() => running.delete(ends))
      running.add(ends)
    },
    async stop() {
      stopping.abort()
      await Promise.race([Promise.all(running), sleep(STOP_MS, undefined, { ref: false })])
    },
  }
}

async function runCheck(deps: RunChecksDeps, check: BegunCheck, stopping: AbortSignal): Promise<void> {
  const { attacker } = deps
  const pen = recordOf(deps.database, check.id)
  const signal = AbortSignal.any([stopping, pen.lost])
  const beating = setInterval(() => pen.write(noted.beat), BEAT_MS).unref()
  const startedAt = new Date()
  const outcomes: AttackOutcome[] = []
  const tenants = new Set(check.left)
  try {
    await removeAll(deps, check)
    const ended = await attacker.run({
      principal: check.principal,
      signal,
      onStage: stage => pen.write((tx, id) => noted.stage(tx, id, stage)),
      onTenant: slug => {
        tenants.add(slug)
        pen.write((tx, id) => noted.tenant(tx, id, slug))
      },
      onOutcome: outcome => {
        outcomes.push(outcome)
        pen.write((tx, id) => noted.outcome(tx, id, shownOutcome(outcome)))
      },
    })
    const report = reportOf({ ...ended, version: deps.version, startedAt, outcomes })
    pen.write((tx, id) => noted.done(tx, id, report))
  } catch (error) {
    const say = stopping.aborted ? 'The server was stopped before it ended.' : asFault(error).say
    if (!stopping.aborted) deps.log.error({ err: error }, 'an isolation check broke')
    pen.write((tx, id) => noted.broken(tx, id, say))
  } finally {
    clearInterval(beating)
  }
  await pen.written()
  await removeAll(deps, { ...check, left: [...tenants] })
}

/** What is gone is not looked for again; what is not is the next check's. */
async function removeAll({ database, attacker, log }: RunChecksDeps, { left, principal }: BegunCheck) {
  const gone: string[] = []
  for (const slug of left) {
    const isGone = await attacker.removeLeft(slug, principal).catch((error: unknown) => {
      log.error({ err: error, tenant: slug }, 'a tenant of an isolation check could not be removed')
      return false
    })
    if (isGone) gone.push(slug)
  }
  if (gone.length > 0) await database.system('check_isolation', tx => forgetTenants(tx, gone))
}

/** Writes one after the other, in the order of what happened. `lost` when the row is not this run's any more. */
function recordOf(database: Database, id: string) {
  const lost = new AbortController()
  let last: Promise<void> = Promise.resolve()
  const write = (change: (tx: Writer, id: string) => Promise<boolean>): void => {
    last = last.then(async () => {
      if (lost.signal.aborted) return
      const isOurs = await database.system('check_isolation', tx => change(tx, id)).catch(() => false)
      if (!isOurs) lost.abort()
    })
  }
  return { write, lost: lost.signal, written: () => last }
}
