-- The only makers and removers of access lists. A list never changes, and its digest is reckoned here: nobody who runs
-- SQL under a tenant's seal can add himself to a list that documents name, or pass one list off as another. They run as
-- the owner, within the tenant of the seal.

-- The list of these users and groups, made if there is none yet. Of two who make equal lists at once, the second waits
-- and finds the first one's.
create or replace function app.intern_access(users text[], groups uuid[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
  wanted bytea;
  list int;
begin
  if tenant is null then raise exception 'an access list belongs to a tenant' using errcode = '42501'; end if;
  perform pg_advisory_xact_lock(hashtextextended(tenant::text, 7474014));
  select sha256(convert_to(coalesce(
      jsonb_agg(jsonb_build_array(m.kind, m.member) order by m.kind, m.member collate "C"), '[]')::text, 'UTF8'))
    into wanted
    from (
      select 'user' as kind, u as member from unnest(intern_access.users) u
      union select 'group', g::text from unnest(intern_access.groups) g
    ) m;
  select l.id into list from app.access_list l where l.tenant_id = tenant and l.digest = wanted;
  if found then return list; end if;
  select coalesce(max(l.id), 0) + 1 into list from app.access_list l where l.tenant_id = tenant;
  insert into app.access_list (tenant_id, id, digest) values (tenant, list, wanted);
  insert into app.access_entry (tenant_id, access_id, kind, member)
    select tenant, list, m.kind, m.member
    from (
      select 'user' as kind, u as member from unnest(intern_access.users) u
      union select 'group', g::text from unnest(intern_access.groups) g
    ) m;
  return list;
end $$;

create or replace function app.forget_unused_access() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
begin
  if tenant is null or not exists (select from app.access_list l where l.tenant_id = tenant) then return; end if;
  perform pg_advisory_xact_lock(hashtextextended(tenant::text, 7474014));
  delete from app.access_list l
  where l.tenant_id = tenant
    and not exists (select from app.document d where d.tenant_id = tenant and d.access_id = l.id);
end $$;

revoke all on function app.intern_access(text[], uuid[]), app.forget_unused_access() from public;
grant execute on function app.intern_access(text[], uuid[]), app.forget_unused_access() to gatehouse_app;
