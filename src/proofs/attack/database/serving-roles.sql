-- The roles that serve, and every login that has joined them, with all that they could do beyond rows.
with recursive serving as (
  select oid from pg_roles where rolname = any(:roles::text[])
  union select m.member from pg_auth_members m join serving on m.roleid = serving.oid
)
select r.rolname as name,
  array_remove(array[case when r.rolbypassrls then 'BYPASSRLS' end, case when r.rolcreaterole then 'CREATEROLE' end,
    case when r.rolcreatedb then 'CREATEDB' end, case when r.rolreplication then 'REPLICATION' end], null) as attributes,
  array(select pg_describe_object(d.classid, d.objid, d.objsubid) from pg_shdepend d
        where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
          and d.dbid in (0, (select oid from pg_database where datname = current_database()))) as owns,
  array(select g.rolname::text from pg_roles g where g.oid <> r.oid and g.rolname <> all(:roles::text[]) and pg_has_role(r.oid, g.oid, 'member')) as groups,
  array_remove(array[case when has_database_privilege(r.oid, current_database(), 'create') then 'CREATE on the database' end,
    case when has_database_privilege(r.oid, current_database(), 'temp') then 'TEMP' end], null)
    || array(select 'CREATE on schema ' || n.nspname from pg_namespace n where has_schema_privilege(r.oid, n.oid, 'create'))
    || array(select 'more than rows of ' || c.oid::regclass from pg_class c where c.relnamespace in (select n.oid from pg_namespace n where n.nspname <> 'information_schema' and n.nspname not like 'pg\_%') and c.relkind in ('r', 'p', 'v')
             and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') and has_table_privilege(r.oid, c.oid, 'truncate, references, trigger, maintain'))
    || array(select 'rights on sequence ' || c.oid::regclass from pg_class c where c.relnamespace in (select n.oid from pg_namespace n where n.nspname <> 'information_schema' and n.nspname not like 'pg\_%')
             and case when c.relkind = 'S' then has_sequence_privilege(r.oid, c.oid, 'usage, select, update') end) as rights
from serving join pg_roles r using (oid)
where not r.rolsuper or r.rolname = any(:roles::text[])
