// The chainer of a process: links what is new in every audit, every few seconds. A plain interval is enough: any number
// of processes may do it, none needs to, and what one leaves undone the next sweep does.
import { setTimeout as wait } from 'node:timers/promises'
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { LINKED_AT_ONCE, linkDeploymentRows, linkTenantRows } from './link-rows.ts'

const EVERY_MS = 3_000
/** A row may commit as long after it took its number as its transaction lasts. */
const LATE_COMMIT_MS = 60_000
/** However quiet it seems: a transaction may have lasted longer still. */
const FULL_SWEEP_MS = 600_000

export interface ChainerDeps {
  readonly owner: OwnerDatabase
  readonly log: Logger
}

export interface Chainer {
  stop(): Promise<void>
}

/** Works until it is stopped; a problem is logged, and tried again with the next sweep. */
export function startChainer({ owner, log }: ChainerDeps): Chainer {
  const stopping = new AbortController()
  const sweep = auditSweep({ owner, log })
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sweep(stopping.signal).catch((error: unknown) =>
        log.warn({ err: error }, 'the audit could not be chained; it is tried again'),
      )
      await wait(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const ended = work()
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

/** One sweep over all audits; returns how many rows it linked. It skips all of them while nothing was written. */
export function auditSweep({ owner, log }: ChainerDeps, now: () => number = Date.now) {
  let seen: string | undefined
  let movedAt = 0
  let sweptAt = 0

  return async function sweep(signal?: AbortSignal): Promise<number> {
    const numbers = await owner.transaction(tx =>
      tx.first(sql<{ given: string }>`
        select concat_ws(' ', (select last_value from app.audit_sequence_seq),
          (select last_value from app.deployment_audit_sequence_seq)) as given`),
    )
    const start = now()
    if (numbers?.given !== seen) movedAt = start
    if (start - movedAt > LATE_COMMIT_MS && start - sweptAt < FULL_SWEEP_MS) return 0
    let linked = await whole(() => linkDeploymentRows(owner))
    for (const tenantId of await tenantsToStay(owner)) {
      if (signal?.aborted === true) return linked
      linked += await whole(() => linkTenantRows(owner, tenantId)).catch((error: unknown) => {
        log.warn(
          { err: error, tenant: tenantId },
          'the audit of a tenant could not be chained; it is tried again',
        )
        movedAt = start
        return 0
      })
    }
    seen = numbers?.given
    sweptAt = start
    return linked
  }
}

/** Batch after batch, each a transaction of its own. */
async function whole(link: () => Promise<number>): Promise<number> {
  for (let linked = 0; ; ) {
    const batch = await link()
    linked += batch
    if (batch < LINKED_AT_ONCE) return linked
  }
}

async function tenantsToStay(owner: OwnerDatabase): Promise<string[]> {
  const rows = await owner.transaction(tx =>
    tx.all(sql<{ id: string }>`select id from app.tenant where status <> 'removing' order by id`),
  )
  return rows.map(({ id }) => id)
}
