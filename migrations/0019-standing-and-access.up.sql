-- When an id was given again to a new user: tokens issued before then were those of the user who was removed.
alter table app.user_standing add column again_at timestamptz;

create or replace function app.note_user_standing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update app.user_standing set is_disabled = true, changed_at = now()
    where tenant_of = old.tenant_id and user_id = old.id;
    -- Whoever gets the same id later is somebody else: the account that was this user is so no more.
    delete from app.account_tenant where tenant_of = old.tenant_id and user_id = old.id;
  else
    insert into app.user_standing as s (tenant_of, user_id, role, is_disabled)
    values (new.tenant_id, new.id, new.role, new.disabled_at is not null)
    on conflict (tenant_of, user_id) do update
      set role = excluded.role, is_disabled = excluded.is_disabled, changed_at = now(),
        -- A standing without its user is that of one who was removed.
        again_at = case when tg_op = 'INSERT' then now() else s.again_at end;
  end if;
  return null;
end $$;

-- Of whoever may read few documents of a tenant with lists, the policies of searches name what is readable instead of
-- what is closed: the same rows, by the smaller set.

-- Signatures, failing closed; the bodies are src/features/documents/access/closed.fn.sql.
create function app.reads_few() returns boolean language plpgsql stable
  as $$ begin raise exception 'the access functions are not applied yet' using errcode = '42501'; end $$;
create function app.readable_versions() returns setof uuid language plpgsql stable rows 1000
  as $$ begin raise exception 'the access functions are not applied yet' using errcode = '42501'; end $$;

-- Both sets are read from the index alone; documents that are open to everyone are in it too, since they are counted.
drop index app.document_with_access;
create index document_with_access on app.document (tenant_id, access_id) include (id, current_version_id, current_version);

alter policy own_rows on app.document using (tenant_id = (select app.tenant_id())
  and case when (select app.reads_few()) then current_version_id in (select app.readable_versions())
    else id not in (select app.closed_documents()) end);
do $$
declare
  target text;
begin
  foreach target in array array['chunk', 'posting'] || array(select 'vector_' || number from app.embedding_model) loop
    execute format(
      'alter policy own_rows on app.%I using (tenant_id = (select app.tenant_id())'
      ' and case when (select app.reads_few()) then version_id in (select app.readable_versions())'
      ' else version_id not in (select app.closed_versions()) end)', target);
  end loop;
end $$;
