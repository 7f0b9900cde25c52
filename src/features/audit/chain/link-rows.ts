// Gives rows their places in the chain: the chainer's one step, a short transaction as the owner. Two chainers at once
// take turns, and one that is killed leaves nothing half done.
import type { OwnerDatabase, Reader, Writer } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'
import { FIRST_HEAD, type ChainHead } from './canonical.ts'
import { chainTable, type ChainOf, type Unlinked } from './chain-table.ts'

/** Rows that one transaction links. */
export const LINKED_AT_ONCE = 1_000

/**
 * Links the next rows of a tenant's audit in order of arrival and returns how many there were; fewer than LINKED_AT_ONCE:
 * that was all. A row that commits late with a smaller `sequence` is linked later: the chain's order is that of linking. A
 * tenant that is being removed is left alone.
 */
export function linkTenantRows(owner: OwnerDatabase, tenantId: string): Promise<number> {
  return linkOpenRows(owner, tenantId, { tenantId })
}

/** The same, of what the tenant has spent. */
export function linkLedgerRows(owner: OwnerDatabase, tenantId: string): Promise<number> {
  return linkOpenRows(owner, tenantId, { ledgerOf: tenantId })
}

function linkOpenRows(owner: OwnerDatabase, tenantId: string, of: ChainOf): Promise<number> {
  return owner.maintain(tenantId, async tx =>
    (await hasOpenRows(tx, of)) && (await isToStay(tx, tenantId)) ? linkRows(tx, of) : 0,
  )
}

export function linkDeploymentRows(owner: OwnerDatabase): Promise<number> {
  return owner.transaction(async tx =>
    (await hasOpenRows(tx, 'deployment')) ? linkRows(tx, 'deployment') : 0,
  )
}

/** One look into the index, and no lock, where another chainer was faster. */
async function hasOpenRows(tx: Reader, of: ChainOf): Promise<boolean> {
  const { rows, mine } = chainTable(of)
  return (await tx.first(sql`select from ${rows} where ${mine} and chained_as is null limit 1`)) !== undefined
}

/** The row is held: a removal begins after this transaction, or before it. */
async function isToStay(tx: Reader, tenantId: string): Promise<boolean> {
  const tenant = sql`select id from app.tenant where id = ${tenantId} and status <> 'removing' for share`
  return (await tx.first(tenant)) !== undefined
}

/** Within a transaction of the owner's that may see the rows. */
export async function linkRows(tx: Writer, of: ChainOf): Promise<number> {
  const { name, rows: table, columns, mine, hashOf } = chainTable(of)
  await lockChain(tx, of)
  // After the lock: each statement sees what was committed before it, hence the last chainer's work.
  const head = (await chainHead(tx, of)) ?? { chained_as: 0n, chain_hash: FIRST_HEAD }
  const rows = await tx.all(sql<Unlinked>`
    select ${columns} from ${table} where ${mine} and chained_as is null order by sequence limit ${LINKED_AT_ONCE}`)
  if (rows.length === 0) return 0
  let { chained_as: place, chain_hash: hash } = head
  const links = rows.map(row => {
    place += 1n
    hash = hashOf(hash, { ...row, chained_as: place, chain_hash: null })
    return { id: row.id, place, hash }
  })
  const linked = await tx.run(sql`
    update ${table} a set chained_as = l.place, chain_hash = l.hash
    from unnest(${links.map(({ id }) => id)}::uuid[], ${links.map(one => one.place)}::bigint[],
      ${links.map(one => one.hash)}::bytea[]) as l (id, place, hash)
    where ${mine} and a.id = l.id and a.chained_as is null`)
  if (linked !== rows.length)
    throw fault('internal', { detail: `${name}: ${linked} of ${rows.length} rows took their places` })
  await setHead(tx, of, { chained_as: place, chain_hash: hash })
  return rows.length
}

/** How far the chain has come; undefined before its first row. */
export async function chainHead(tx: Reader, of: ChainOf): Promise<ChainHead | undefined> {
  const { head, mine } = chainTable(of)
  return tx.first(sql<ChainHead>`select chained_as, chain_hash from ${head} where ${mine}`)
}

/** Until the transaction ends nobody else links rows here. */
export async function lockChain(tx: Reader, of: ChainOf): Promise<void> {
  const { name } = chainTable(of)
  await tx.first(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

async function setHead(tx: Writer, of: ChainOf, { chained_as, chain_hash }: ChainHead): Promise<void> {
  const { head, tenantId } = chainTable(of)
  await tx.run(
    tenantId === undefined
      ? sql`insert into ${head} (chained_as, chain_hash) values (${chained_as}, ${chain_hash})
          on conflict (is_single) do update set chained_as = excluded.chained_as, chain_hash = excluded.chain_hash, at = now()`
      : sql`insert into ${head} (tenant_id, chained_as, chain_hash) values (${tenantId}, ${chained_as}, ${chain_hash})
          on conflict (tenant_id) do update set chained_as = excluded.chained_as, chain_hash = excluded.chain_hash, at = now()`,
  )
}
