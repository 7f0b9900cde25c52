// Which tables hold rows of tenants, read from Postgres' own catalog: a table is covered from the day it is born.
import type { Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { fault } from '../../../platform/faults.ts'

export interface TenantTable {
  readonly oid: number
  readonly name: string
  /** One partition a tenant, instead of rows side by side. */
  readonly isPartitioned: boolean
  /** Whether the parent of partitions has statistics of its own, gathered over all of them. */
  readonly isAnalyzed: boolean
}

/** How a tenant's partition of a table stands. */
export type PartitionState = 'absent' | 'loose' | 'attached' | 'detaching'

/**
 * Every table of schema `app` with a tenant_id, referencing ones before the ones they reference; no partitions, and
 * none that was one until a removal was cut off between DETACH and DROP: it is known by its name only.
 */
export async function tenantTables(tx: Reader): Promise<TenantTable[]> {
  const tables = await tx.all(sql<TenantTable & { readonly referenced: number[] }>`
    select c.oid, c.relname as name, c.relkind = 'p' as "isPartitioned", c.relkind = 'p' and c.reltuples >= 0 as "isAnalyzed",
      array(select f.confrelid from pg_constraint f
            where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as referenced
    from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname !~ '_[0-9a-f]{32}$'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by c.relname`)
  return referencingFirst(tables)
}

/** The tables that are partitioned by tenant, in the order of their names. */
export async function partitionedTables(tx: Reader): Promise<string[]> {
  const parents = await tx.all(sql<{ name: string }>`
    select c.relname as name
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.partattrs[0]
    where c.relnamespace = 'app'::regnamespace and p.partstrat = 'l' and p.partnatts = 1 and a.attname = 'tenant_id'
    order by c.relname`)
  return parents.map(({ name }) => name)
}

/** The name of a tenant's partition: the table's and the tenant's id as plain hex, nothing else. */
export function partitionName(table: string, tenantId: string): string {
  const hex = tenantId.replaceAll('-', '')
  if (!/^[0-9a-f]{32}$/.test(hex))
    throw fault('internal', { detail: 'a tenant that is no UUID never reaches a table name' })
  // Postgres would cut a longer name, and two tables' partitions could meet in one.
  if (table.length > 30)
    throw fault('internal', { detail: `the name of ${table} leaves no room for a tenant` })
  return `${table}_${hex}`
}

export async function partitionState(tx: Reader, partition: string): Promise<PartitionState> {
  const found = await tx.first(sql<{ attached: boolean; detaching: boolean }>`
    select i.inhrelid is not null as attached, coalesce(i.inhdetachpending, false) as detaching
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid
    where c.relnamespace = 'app'::regnamespace and c.relname = ${partition}`)
  if (found === undefined) return 'absent'
  if (found.detaching) return 'detaching'
  return found.attached ? 'attached' : 'loose'
}

/** A table of schema `app` as it stands in a statement that cannot bind names. */
export function quoted(table: string): string {
  return `app."${table.replaceAll('"', '""')}"`
}

/** In every round the tables that no remaining one references; keys in a circle are left to their own cascade. */
function referencingFirst(
  tables: readonly (TenantTable & { readonly referenced: number[] })[],
): TenantTable[] {
  const ordered: TenantTable[] = []
  let rest = [...tables]
  while (rest.length > 0) {
    const free = rest.filter(one => !rest.some(other => other.referenced.includes(one.oid)))
    const next = free.length > 0 ? free : rest
    ordered.push(...next)
    rest = rest.filter(one => !next.includes(one))
  }
  return ordered
}
