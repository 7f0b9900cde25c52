-- What the caller of this transaction may not read. The policies of documents, and of all that is made of them, subtract
-- these sets; a statement computes each once for a table that it reads. They run as the owner, whose own policy on the
-- tables in here goes by tenant alone: under the caller's policy they would ask themselves.
-- First the lists that are closed to the caller, then the documents that name one of them: a tenant without lists, and
-- one whose lists are all open to the caller, pay for no look at the documents.

create or replace function app.closed_documents() returns setof uuid
language plpgsql stable parallel restricted security definer rows 100 set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
  closed int[];
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' or seal.reads = 'all' then return; end if;
  if not exists (select from app.access_list l where l.tenant_id = seal.tenant) then return; end if;
  closed := array(
    select l.id from app.access_list l where l.tenant_id = seal.tenant
    except
    (select e.access_id from app.access_entry e
     where e.tenant_id = seal.tenant and e.kind = 'user' and e.member = seal.subject
     union all
     select e.access_id from app.group_member g
     join app.access_entry e on e.tenant_id = g.tenant_id and e.kind = 'group' and e.member = g.group_id::text
     where g.tenant_id = seal.tenant and g.user_id = seal.subject));
  if cardinality(closed) = 0 then return; end if;
  return query
    select d.id from app.document d where d.tenant_id = seal.tenant and d.access_id = any(closed);
end $$;

-- All versions of those documents, the older ones too: their texts are kept. (The same lists once more: a function that
-- calls another costs a tenant with lists more than reading them.)
create or replace function app.closed_versions() returns setof uuid
language plpgsql stable parallel restricted security definer rows 100 set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
  closed int[];
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' or seal.reads = 'all' then return; end if;
  if not exists (select from app.access_list l where l.tenant_id = seal.tenant) then return; end if;
  -- What is being built or cleared away is no document's yet, or no more: nobody can say whom it would be closed to. Who
  -- writes has to reach it.
  if current_setting('transaction_read_only') = 'on' then
    return query select h.version_id from app.hidden_version h where h.tenant_id = seal.tenant;
  end if;
  closed := array(
    select l.id from app.access_list l where l.tenant_id = seal.tenant
    except
    (select e.access_id from app.access_entry e
     where e.tenant_id = seal.tenant and e.kind = 'user' and e.member = seal.subject
     union all
     select e.access_id from app.group_member g
     join app.access_entry e on e.tenant_id = g.tenant_id and e.kind = 'group' and e.member = g.group_id::text
     where g.tenant_id = seal.tenant and g.user_id = seal.subject));
  if cardinality(closed) = 0 then return; end if;
  return query
    select d.current_version_id from app.document d where d.tenant_id = seal.tenant and d.access_id = any(closed);
  -- Few documents have older versions: those alone are looked up.
  return query
    select v.id
    from (
      select d.id, d.current_version from app.document d
      where d.tenant_id = seal.tenant and d.access_id = any(closed) and d.current_version > 1
      offset 0
    ) d
    join app.document_version v
      on v.tenant_id = seal.tenant and v.document_id = d.id and v.version <> d.current_version;
end $$;

-- Whether the caller may read so few documents of a tenant with lists that naming them is cheaper than naming the others.
-- The policies of searches ask this; what they show is the same either way.
create or replace function app.reads_few() returns boolean
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  -- Above that, the set that is named would itself take milliseconds, for each table of a statement.
  most constant int := 5000;
  seal record;
  opened int[];
  readable int;
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' or seal.reads = 'all' then return false; end if;
  -- Who writes has to reach versions that are a document's current one no more, or not yet.
  if current_setting('transaction_read_only') <> 'on' then return false; end if;
  if not exists (select from app.access_list l where l.tenant_id = seal.tenant) then return false; end if;
  opened := array(
    select e.access_id from app.access_entry e
    where e.tenant_id = seal.tenant and e.kind = 'user' and e.member = seal.subject
    union
    select e.access_id from app.group_member g
    join app.access_entry e on e.tenant_id = g.tenant_id and e.kind = 'group' and e.member = g.group_id::text
    where g.tenant_id = seal.tenant and g.user_id = seal.subject);
  -- Who is on every list has nothing closed to him: counting would cost more than it saves.
  if not exists (select from app.access_list l where l.tenant_id = seal.tenant and l.id <> all(opened)) then return false; end if;
  select count(*) into readable from (
    (select from app.document d where d.tenant_id = seal.tenant and d.access_id is null limit most)
    union all
    (select from app.document d where d.tenant_id = seal.tenant and d.access_id = any(opened) limit most)) r;
  return readable < most and 2 * readable
    < (select coalesce(sum(l.documents), 0) from app.corpus_language l where l.tenant_id = seal.tenant);
end $$;

-- The current versions of the documents that are open to the caller: those on no list, and those on a list he is on.
create or replace function app.readable_versions() returns setof uuid
language plpgsql stable parallel restricted security definer rows 1000 set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  seal record;
  opened int[];
begin
  seal := app.open_seal();
  if seal.realm is distinct from 'tenant' then return; end if;
  opened := array(
    select e.access_id from app.access_entry e
    where e.tenant_id = seal.tenant and e.kind = 'user' and e.member = seal.subject
    union
    select e.access_id from app.group_member g
    join app.access_entry e on e.tenant_id = g.tenant_id and e.kind = 'group' and e.member = g.group_id::text
    where g.tenant_id = seal.tenant and g.user_id = seal.subject);
  return query
    select d.current_version_id from app.document d where d.tenant_id = seal.tenant and d.access_id is null
    union all
    select d.current_version_id from app.document d where d.tenant_id = seal.tenant and d.access_id = any(opened);
end $$;

revoke all on function app.closed_documents(), app.closed_versions(), app.reads_few(), app.readable_versions() from public;
grant execute on function app.closed_documents(), app.closed_versions(), app.reads_few(), app.readable_versions()
  to gatehouse_app;
