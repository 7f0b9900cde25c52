// What is left of a tenant anywhere in the database. Read from Postgres' own catalog, so that no table is forgotten;
// as the owner where rows are a tenant's, under a system seal where they are the deployment's.
import type { Database, OwnerDatabase, Reader } from '../../../platform/db/database.ts'
import { sql } from '../../../platform/db/statements.ts'
import { tenantTables } from '../storage/tenant-tables.ts'

export interface LeftOver {
  /** A table ('app.document'), or 'partitions', or 'jobs'. */
  readonly where: string
  readonly rows: number
}

export interface LeftOverDeps {
  readonly owner: OwnerDatabase
  readonly database: Pick<Database, 'system'>
}

/** Empty when nothing is left. The deployment's audit keeps that there was such a tenant; it is not looked at. */
export async function leftOver({ owner, database }: LeftOverDeps, tenantId: string): Promise<LeftOver[]> {
  const tables = await owner.transaction(tenantTables)
  const own = await owner.maintain(tenantId, async tx => {
    const counts: LeftOver[] = []
    for (const { name } of tables) counts.push(await count(tx, name, sql`tenant_id = ${tenantId}`))
    return counts
  })
  const registries = await database.system('manage_tenants', async tx => {
    const counts: LeftOver[] = []
    for (const { table, column, isList } of await namingTables(tx)) {
      const named = sql.ref(column)
      counts.push(
        await count(tx, table, isList ? sql`${tenantId} = any(${named})` : sql`${named} = ${tenantId}`),
      )
    }
    return counts
  })
  const rest = await owner.transaction(async tx => [await partitions(tx, tenantId), await jobs(tx, tenantId)])
  return [...own, ...registries, ...rest].filter(({ rows }) => rows > 0)
}

interface NamingTable {
  readonly table: string
  readonly column: string
  readonly isList: boolean
}

/** The deployment's tables that name tenants: in `tenant_of` or in a list `tenants`; and the registry itself. */
async function namingTables(tx: Reader): Promise<NamingTable[]> {
  const named = await tx.all(sql<NamingTable>`
    select c.relname as table, a.attname as column, a.atttypid = 'uuid[]'::regtype as "isList"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and (a.attname = 'tenant_of' or a.attname = 'tenants' and a.atttypid = 'uuid[]'::regtype)
    order by c.relname`)
  return [...named, { table: 'tenant', column: 'id', isList: false }]
}

async function count(tx: Reader, table: string, condition: ReturnType<typeof sql>): Promise<LeftOver> {
  const found = await tx.first(
    sql<{ rows: number }>`select count(*)::int as rows from ${sql.table(`app.${table}`)} where ${condition}`,
  )
  return { where: `app.${table}`, rows: found?.rows ?? 0 }
}

/** By name: one that was detached and not dropped belongs to no table any more. */
async function partitions(tx: Reader, tenantId: string): Promise<LeftOver> {
  const found = await tx.first(sql<{ rows: number }>`
    select count(*)::int as rows from pg_class where strpos(relname, ${tenantId.replaceAll('-', '')}) > 0`)
  return { where: 'partitions', rows: found?.rows ?? 0 }
}

async function jobs(tx: Reader, tenantId: string): Promise<LeftOver> {
  const found = await tx.first(
    sql<{
      rows: number
    }>`select count(*)::int as rows from pgboss.job where strpos(data::text, ${tenantId}) > 0`,
  )
  return { where: 'jobs', rows: found?.rows ?? 0 }
}
