// One row for every table that has a tenant_id, made from the catalog's column types: a new table is filled without
// anyone telling how, unless its checks are more than a list of words or an order of numbers.
import { randomUUID } from 'node:crypto'
import type { TestDatabase } from '../harness/database.ts'

export interface SampleRow {
  readonly table: string
  readonly tenantId: string
  readonly columns: readonly string[]
  readonly values: readonly unknown[]
  /** The row's primary key without the tenant (which is all there is in some tables): what another tenant might guess. */
  readonly keys: Readonly<Record<string, unknown>>
}

interface Table {
  readonly name: string
  readonly references: string[]
}

interface Column {
  readonly name: string
  readonly type: string
  readonly position: number
  /** The text of each CHECK that names the column. */
  readonly checks: string[]
  readonly isKey: boolean
  /** The column of the parent row that a foreign key points at: 'document.id'. */
  readonly parent: string | null
}

/** Every table of schema app with a tenant_id (partitions apart), parents before children. */
export async function tenantTables(db: TestDatabase): Promise<Table[]> {
  const tables = (await db.asAdmin(`
    select c.relname as name,
      array(select t.relname::text from pg_constraint f join pg_class t on t.oid = f.confrelid where f.conrelid = c.oid and f.contype = 'f' and t.oid <> c.oid) as references
    from pg_class c
    where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
    order by 1`)) as unknown as Table[]
  const ordered: Table[] = []
  while (ordered.length < tables.length) {
    const next = tables.find(
      table =>
        !ordered.includes(table) &&
        table.references.every(
          parent =>
            !tables.some(({ name }) => name === parent) || ordered.some(({ name }) => name === parent),
        ),
    )
    if (next === undefined) throw new Error('foreign keys of tenant tables go in a circle')
    ordered.push(next)
  }
  return ordered
}

/** Puts one row into each tenant table for each tenant, as the administrator, past all policies. */
export async function fillTenantTables(db: TestDatabase, tenantIds: readonly string[]): Promise<SampleRow[]> {
  const rows: SampleRow[] = []
  const tables = await tenantTables(db)
  for (const tenantId of tenantIds) {
    const made = new Map<string, unknown>([['tenant.id', tenantId]])
    for (const { name: table } of tables) {
      const columns = await columnsOf(db, table)
      const values = columns.map(column => valueFor(column, tenantId, made))
      columns.forEach((column, i) => made.set(`${table}.${column.name}`, values[i]))
      const places = columns.map((_, i) => `$${i + 1}`).join(', ')
      const names = columns.map(({ name }) => name)
      await db.asAdmin(
        `insert into app.${table} (${names.join(', ')}) overriding system value values (${places})`,
        values,
      )
      const keys = columns.flatMap(({ name, isKey }, i) =>
        isKey && name !== 'tenant_id' ? [[name, values[i]] as const] : [],
      )
      const guessed = Object.fromEntries(keys.length > 0 ? keys : [['tenant_id', tenantId]])
      rows.push({ table, tenantId, columns: names, values, keys: guessed })
    }
  }
  return rows
}

async function columnsOf(db: TestDatabase, table: string): Promise<Column[]> {
  return (await db.asAdmin(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attnum as position,
      array(select pg_get_constraintdef(k.oid) from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c' and a.attnum = any(k.conkey)) as checks,
      exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)) as "isKey",
      (select t.relname || '.' || p.attname from pg_constraint f join pg_class t on t.oid = f.confrelid
       join pg_attribute p on p.attrelid = f.confrelid and p.attnum = f.confkey[array_position(f.conkey, a.attnum)]
       where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any(f.conkey) limit 1) as parent
     from pg_attribute a
     where a.attrelid = ('app.' || $1)::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and (a.attnotnull and (not a.atthasdef or a.attname = 'tenant_id') or exists (
         select from pg_index i where i.indrelid = a.attrelid and i.indisunique and a.attnum = any(i.indkey)))
     order by a.attnum`,
    [table],
  )) as unknown as Column[]
}

function valueFor(
  { name, type, position, checks, parent }: Column,
  tenantId: string,
  made: ReadonlyMap<string, unknown>,
): unknown {
  if (name === 'tenant_id') return tenantId
  if (parent !== null && made.has(parent)) return made.get(parent)
  const listed = checks
    .map(check => /ANY \(+ARRAY\['([^']*)'/.exec(check)?.[1])
    .find(word => word !== undefined)
  if (listed !== undefined) return listed
  const vector = /^(?:half)?vec(?:tor)?\((\d+)\)$/.exec(type)?.[1]
  if (vector !== undefined)
    return `[${Array.from({ length: Number(vector) }, (_, i) => (i === 0 ? 1 : 0)).join(',')}]`
  // Numbers grow with the column's place, so that a start is before its end.
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(type)) return position
  if (type.endsWith('[]')) return '{}'
  const value: Record<string, unknown> = {
    uuid: randomUUID(),
    text: `x${position}${tenantId.slice(-8)}`,
    bytea: new Uint8Array(32),
    boolean: true,
    jsonb: {},
    json: {},
    date: '2026-01-02',
    'timestamp with time zone': new Date('2026-01-02T03:04:05Z'),
    interval: '1 day',
  }
  if (!(type in value)) throw new Error(`sample-rows.ts knows no value of type ${type} (column ${name})`)
  return value[type]
}
