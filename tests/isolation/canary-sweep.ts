// Canaries: a row in every table that holds rows of tenants, recognisable wherever it, or a piece of it, is left.
// Read from the catalog, so that a new table is swept from birth.
import { randomUUID } from 'node:crypto'
import type { TestDatabase } from '../harness/database.ts'

/** One time for all rows: some keys hold one. */
const NOW = new Date()

/** What a canary of this tenant's begins with. */
const canary = (id: string): string => `canary-of-${id}`

/** The parents and plain tables of schema app that have a tenant_id. */
export async function tenantTableNames(db: TestDatabase): Promise<string[]> {
  const rows = await db.asAdmin(`
    select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
  return rows.map(row => String(row['name']))
}

/** The deployment's tables that speak of a tenant. */
export async function registryNames(db: TestDatabase): Promise<string[]> {
  const rows = await db.asAdmin(`
    select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_of'
    where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' order by 1`)
  return rows.map(row => String(row['name']))
}

/** Canaries would not pass checks of format; keys, which decide the order of deletion, stay. */
export async function dropChecks(db: TestDatabase): Promise<void> {
  const checks = await db.asAdmin(`
    select conrelid::regclass::text as table, conname as name from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.contype = 'c' and t.relnamespace = 'app'::regnamespace and not t.relispartition`)
  for (const { table, name } of checks)
    await db.asAdmin(`alter table ${String(table)} drop constraint "${String(name)}"`)
}

/** One row in every table: canaries in all that holds text, the tenant's own id wherever an id is asked for, so that keys meet. */
export async function fillEveryTable(db: TestDatabase, id: string): Promise<void> {
  // Somebody who can sign in, and an issuer that speaks, here: neither is the tenant's own.
  const account = randomUUID()
  await db.asAdmin(`insert into app.account (id, email, name) values ($1, $2, 'Ada')`, [
    account,
    `${account}@example.com`,
  ])
  await db.asAdmin(
    `insert into app.trusted_issuer (issuer, jwks_url, audience, rules, tenants) values ($1, 'https://keys', 'a', '{}', $2)`,
    [`https://${account}.example.com`, [id]],
  )
  let rest = [...(await tenantTableNames(db)), ...(await registryNames(db))]
  while (rest.length > 0) {
    const failed: string[] = []
    for (const table of rest) await fill(db, table, { id, account }).catch(() => failed.push(table))
    // None of them went in: the next attempt says why.
    if (failed.length === rest.length) await fill(db, rest[0]!, { id, account })
    rest = failed
  }
}

interface Whose {
  readonly id: string
  readonly account: string
}

async function fill(db: TestDatabase, table: string, { id, account }: Whose): Promise<void> {
  const columns = await db.asAdmin(
    `
    select a.attname as name, format_type(a.atttypid, null) as type, a.atttypmod as size,
      (select f.confrelid::regclass || '-' || p.attname from pg_constraint f
       join pg_attribute p on p.attrelid = f.confrelid and p.attnum = f.confkey[array_position(f.conkey, a.attnum)]
       where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any(f.conkey) and f.confrelid <> 'app.tenant'::regclass
       limit 1) as parent
    from pg_attribute a
    where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = ''`,
    [table],
  )
  // A reference says what the row it points at says.
  const values = columns.map(({ name, type, size, parent }) =>
    parent === 'app.account-id'
      ? account
      : valueFor(
          String(type),
          `${canary(id)}-${typeof parent === 'string' ? parent : `${table}-${String(name)}`}`,
          {
            id,
            size: Number(size),
          },
        ),
  )
  const places = columns.map((_, i) => `$${i + 1}`)
  await db.asAdmin(
    `insert into ${table} (${columns.map(({ name }) => `"${String(name)}"`).join()}) values (${places.join()})`,
    values,
  )
}

function valueFor(type: string, text: string, { id, size }: { id: string; size: number }): unknown {
  switch (type) {
    case 'uuid':
      return id
    case 'uuid[]':
      return [id]
    case 'text':
    case 'character varying':
      return text
    case 'text[]':
      return [text]
    case 'bytea':
      return Buffer.from(text)
    case 'json':
    case 'jsonb':
      return { canary: text }
    case 'integer':
    case 'bigint':
    case 'smallint':
    case 'numeric':
    case 'double precision':
    case 'real':
      return 1
    case 'integer[]':
      return [1]
    case 'boolean':
      return true
    case 'timestamp with time zone':
    case 'date':
      return NOW
    case 'halfvec':
    case 'vector':
      return `[${Array.from({ length: size }, () => 0.5).join(',')}]`
    default:
      throw new Error(`the sweep has no value for a column of type ${type}: teach it one`)
  }
}

/** Every row of every table there is, and the planner's statistics, as text. */
export async function everything(db: TestDatabase): Promise<Map<string, string[]>> {
  const tables = await db.asAdmin(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relpersistence = 'p' order by 1`)
  const dump = new Map<string, string[]>()
  for (const name of [...tables.map(row => String(row['name'])), 'pg_stats', 'pg_stats_ext']) {
    const rows = await db.asAdmin(`select t::text as row from ${name} t`)
    dump.set(name, rows.map(({ row }) => String(row)).toSorted())
  }
  return dump
}

export function mentions(row: string, id: string): boolean {
  const forms = [id, id.replaceAll('-', ''), Buffer.from(canary(id)).toString('hex')]
  return forms.some(form => row.includes(form))
}

/** Every line of a dump that mentions the tenant, with the table it stands in. */
export function tracesOf(id: string, dump: Map<string, string[]>): string[] {
  return [...dump].flatMap(([table, rows]) =>
    rows.filter(row => mentions(row, id)).map(row => `${table}: ${row}`),
  )
}
