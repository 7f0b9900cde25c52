// A schema as text, from the catalog: what two databases that went different ways to the same version must agree on.
// Partitions are left out, since they belong to tenants.
import type { Reader } from '../../src/platform/db/database.ts'
import { sql } from '../../src/platform/db/statements.ts'

/** One line for each column, index, constraint, policy, grant, function, type and sequence of our schemas, in order. */
export async function dumpSchema(tx: Reader): Promise<string[]> {
  const lines: string[] = []
  for (const part of Object.values(PARTS)) {
    const rows = await tx.all(
      sql<{ line: string }>`select line from (${sql.raw(part)}) as part (line) order by line collate "C"`,
    )
    lines.push(...rows.map(({ line }) => line))
  }
  return lines
}

const OURS = `(select oid from pg_namespace where nspname in ('app', 'pgboss'))`
const TABLES = `pg_class c where c.relnamespace in ${OURS} and not c.relispartition`
const acl = (column: string) =>
  `coalesce((select string_agg(item::text, ' ' order by item::text) from unnest(${column}) as item), 'default')`

const PARTS = {
  schemas: `select 'schema ' || nspname || ' ' || ${acl('nspacl')} from pg_namespace where oid in ${OURS}`,
  relations: `select concat_ws(' ', 'relation', c.oid::regclass, c.relkind, c.relpersistence, pg_get_userbyid(c.relowner), 'rls', c.relrowsecurity,
      c.relforcerowsecurity, c.reloptions, ${acl('c.relacl')}, pg_get_partkeydef(c.oid)) from ${TABLES} and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')`,
  columns: `select concat_ws(' ', 'column', c.oid::regclass || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
      a.attgenerated, a.attstorage, pg_get_expr(d.adbin, d.adrelid), ${acl('a.attacl')})
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum join pg_class c on c.oid = a.attrelid
    where c.relnamespace in ${OURS} and not c.relispartition and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped`,
  order: `select 'columns of ' || c.oid::regclass || ': ' || (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) from ${TABLES} and c.relkind in ('r', 'p', 'v')`,
  indexes: `select 'index ' || pg_get_indexdef(i.indexrelid) || ' valid ' || i.indisvalid from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace in ${OURS} and not c.relispartition`,
  constraints: `select concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
    from pg_constraint k join pg_class c on c.oid = k.conrelid where c.relnamespace in ${OURS} and not c.relispartition`,
  policies: `select concat_ws(' ', 'policy', p.polrelid::regclass, p.polname, p.polcmd, p.polpermissive,
      (select string_agg(coalesce(r.rolname, 'public'), ',' order by r.rolname) from unnest(p.polroles) o left join pg_roles r on r.oid = o),
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)) from pg_policy p`,
  triggers: `select 'trigger ' || pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace in ${OURS} and not c.relispartition and not t.tgisinternal`,
  functions: `select concat_ws(' ', 'function', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), ${acl('p.proacl')})
    from pg_proc p where p.pronamespace in ${OURS} and p.prokind in ('f', 'p')`,
  types: `select concat_ws(' ', 'type', t.oid::regtype, t.typtype, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))
    from pg_type t where t.typnamespace in ${OURS} and t.typtype in ('e', 'd', 'r')`,
  rows: `select 'model ' || (to_jsonb(m) - 'created_at')::text from app.embedding_model m`,
}
