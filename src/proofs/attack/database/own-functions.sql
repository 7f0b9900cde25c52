-- Every function of ours: whose rights it runs with, whether its search_path is pinned, whether everyone may call it.
select n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name, p.prosecdef as definer,
  coalesce(exists (select from unnest(p.proconfig) as setting where setting in ('search_path=pg_catalog, pg_temp', 'search_path=pg_catalog')), false) as pinned,
  p.proacl is null or exists (select from aclexplode(p.proacl) g where g.grantee = 0) as everyone,
  pg_get_userbyid(p.proowner)::text as owner
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.oid in (select n.oid from pg_namespace n where n.nspname <> 'information_schema' and n.nspname not like 'pg\_%') and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
