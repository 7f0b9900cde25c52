// The chains there are, as statements and checks see them: the audit of a tenant, the deployment's own, and the ledger of a
// tenant. They differ in table, columns and hash, and in nothing else.
import { sql } from '../../../platform/db/statements.ts'
import { auditTable, type AuditOf } from '../rows/audit-table.ts'
import type { HashOf, Link } from './canonical.ts'
import { chargeHash, type ChainedCharge } from './ledger-hash.ts'
import { rowHash, type ChainedRow } from './row-hash.ts'

/** Whose chain: an audit, or what a tenant has spent. */
export type ChainOf = AuditOf | { readonly ledgerOf: string }

/** A row before it is linked. */
export type Unlinked = Omit<Link, 'chained_as' | 'chain_hash'>

type Sql = ReturnType<typeof sql>

export interface ChainTable {
  /** For locks and messages. */
  readonly name: string
  readonly rows: Sql
  /** All that the hash binds. */
  readonly columns: Sql
  readonly mine: Sql
  readonly head: Sql
  /** The tenant whose head it is; undefined where there is only one. */
  readonly tenantId: string | undefined
  /** Of a row that was read with `columns`. */
  readonly hashOf: HashOf<Link>
}

export function chainTable(of: ChainOf): ChainTable {
  if (of !== 'deployment' && 'ledgerOf' in of) return ledgerTable(of.ledgerOf)
  const tenantId = of === 'deployment' ? undefined : of.tenantId
  return {
    ...auditTable(of),
    name: `audit chain of ${tenantId ?? 'deployment'}`,
    tenantId,
    hashOf: (previous, row) => rowHash(previous, row as Link & ChainedRow),
  }
}

function ledgerTable(tenantId: string): ChainTable {
  return {
    name: `ledger chain of ${tenantId}`,
    rows: sql.table('app.ledger'),
    columns: sql`tenant_id, id, sequence,
      case when isfinite(at) then (extract(epoch from at) * 1000000)::bigint end as at_us, kind, hold_id, subject, key_id,
      model, operation, task, step, label, usage::text as usage, per_million::text as per_million, price_version, cost_nano,
      basis, uncharged_nano, note, chained_as, chain_hash`,
    mine: sql`tenant_id = ${tenantId}`,
    head: sql.table('app.ledger_head'),
    tenantId,
    hashOf: (previous, row) => chargeHash(previous, row as Link & ChainedCharge),
  }
}
