// The chainer of a process: links what is new in every audit and every ledger, every few seconds. A plain interval is
// enough: any number of processes may do it, none needs to, and what one leaves undone the next sweep does.
import { setTimeout as wait } from 'node:timers/promises'
import type { OwnerDatabase } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import type { Logger } from '../../../platform/telemetry/logger.ts'
import { LINKED_AT_ONCE, linkDeploymentRows, linkLedgerRows, linkTenantRows } from './link-rows.ts'

const EVERY_MS = 3_000

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
  const sweep = chainSweep({ owner, log })
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sweep(stopping.signal).catch((error: unknown) =>
        log.warn({ err: error }, 'what is new could not be chained; it is tried again'),
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

/** One sweep over all chains that have something new; returns how many rows it linked. Quiet tenants cost nothing. */
export function chainSweep({ owner, log }: ChainerDeps) {
  return async function sweep(signal?: AbortSignal): Promise<number> {
    let linked = 0
    for (const { chain, tenant_id } of await openChains(owner)) {
      if (signal?.aborted === true) return linked
      linked += await whole(() => linkOne(owner, chain, tenant_id)).catch((error: unknown) => {
        log.warn({ err: error, chain, tenant: tenant_id }, 'a chain could not go on; it is tried again')
        return 0
      })
    }
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

interface OpenChain {
  readonly chain: 'audit' | 'ledger'
  /** Null: the deployment's own audit. */
  readonly tenant_id: string | null
}

function linkOne(owner: OwnerDatabase, chain: OpenChain['chain'], tenantId: string | null): Promise<number> {
  if (tenantId === null) return linkDeploymentRows(owner)
  return chain === 'audit' ? linkTenantRows(owner, tenantId) : linkLedgerRows(owner, tenantId)
}

/** Whose rows wait: the policies `owner_sweeps` show the owner these, of all tenants, and the index has no others. */
function openChains(owner: OwnerDatabase): Promise<OpenChain[]> {
  return owner.transaction(tx =>
    tx.all(sql<OpenChain>`
      select 'audit' as chain, null::uuid as tenant_id
      where exists (select from app.deployment_audit where chained_as is null)
      union all select 'audit', tenant_id from app.audit where chained_as is null group by tenant_id
      union all select 'ledger', tenant_id from app.ledger where chained_as is null group by tenant_id`),
  )
}
