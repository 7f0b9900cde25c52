-- What the caller of this transaction may not read. The policies of documents, and of all that is made of them, subtract
-- these sets; a statement computes each once for a table that it reads. They run as the owner, whose own policy on the
-- tables in here goes by tenant alone: under the caller's policy they would ask themselves.

create or replace function app.closed_documents() returns setof uuid
language plpgsql stable parallel restricted security definer rows 100 set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' or seal.reads = 'all' then return; end if;
  return query
    select d.id from app.document d
    where d.tenant_id = seal.tenant and d.access_id is not null
      and d.access_id <> all (array(
        select e.access_id from app.access_entry e
        where e.tenant_id = seal.tenant and e.kind = 'user' and e.member = seal.subject
        union all
        select e.access_id from app.group_member g
        join app.access_entry e on e.tenant_id = g.tenant_id and e.kind = 'group' and e.member = g.group_id::text
        where g.tenant_id = seal.tenant and g.user_id = seal.subject));
end $$;

-- All versions of those documents, the older ones too: their texts are kept.
create or replace function app.closed_versions() returns setof uuid
language plpgsql stable parallel restricted security definer rows 100 set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' or seal.reads = 'all' then return; end if;
  return query
    select v.id from app.document_version v
    where v.tenant_id = seal.tenant and v.document_id in (select app.closed_documents());
end $$;

revoke all on function app.closed_documents(), app.closed_versions() from public;
grant execute on function app.closed_documents(), app.closed_versions() to gatehouse_app;
