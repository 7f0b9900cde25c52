// The end of a tenant's audit and of its ledger. They are erased with the tenant; what stays is the deployment's record of
// how far they had come, so that an export which was kept can still be proved whole.
import { insertDeploymentAudit } from '../../gate/audit/audit-rows.ts'
import type { OwnerDatabase } from '../../platform/db/database.ts'
import { sql } from '../../platform/db/statements.ts'
import { traceId } from '../../platform/telemetry/trace.ts'
import { uuidv7 } from '../../platform/uuid-v7.ts'
import { chainTable, type ChainOf } from './chain/chain-table.ts'
import { chainHead, LINKED_AT_ONCE, linkRows, lockChain } from './chain/link-rows.ts'

/**
 * Links what is still open and moves the heads into the deployment's audit, as `tenant:<id> audit:<rows>:<hash, hex>` and
 * `tenant:<id> ledger:…`. The tenant is being removed: no row arrives any more. Called again after a kill it finds no head
 * and does nothing.
 */
export async function closeTenantAudit(owner: OwnerDatabase, tenantId: string): Promise<void> {
  await closeChain(owner, tenantId, { of: { tenantId }, name: 'audit' })
  await closeChain(owner, tenantId, { of: { ledgerOf: tenantId }, name: 'ledger' })
}

interface Closing {
  readonly of: ChainOf
  readonly name: 'audit' | 'ledger'
}

async function closeChain(owner: OwnerDatabase, tenantId: string, { of, name }: Closing): Promise<void> {
  while ((await owner.maintain(tenantId, tx => linkRows(tx, of))) === LINKED_AT_ONCE);
  await owner.maintain(tenantId, async tx => {
    await lockChain(tx, of)
    const head = await chainHead(tx, of)
    if (head === undefined) return
    const hash = Buffer.from(head.chain_hash).toString('hex')
    const id = uuidv7()
    await insertDeploymentAudit(tx, {
      id,
      subject: 'gatehouse:maintainer',
      token_id: null,
      operation: 'erase_tenant',
      object: `tenant:${tenantId} ${name}:${head.chained_as}:${hash}`,
      outcome: 'ok',
      fault: null,
      request_id: `erase-${id}`,
      trace_id: traceId(),
    })
    const table = chainTable(of)
    await tx.run(sql`delete from ${table.head} where ${table.mine}`)
  })
}
