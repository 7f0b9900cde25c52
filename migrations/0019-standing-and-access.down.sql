alter policy own_rows on app.document
  using (tenant_id = (select app.tenant_id()) and id not in (select app.closed_documents()));
do $$
declare
  target text;
begin
  foreach target in array array['chunk', 'posting'] || array(select 'vector_' || number from app.embedding_model) loop
    execute format(
      'alter policy own_rows on app.%I using (tenant_id = (select app.tenant_id())'
      ' and version_id not in (select app.closed_versions()))', target);
  end loop;
end $$;
drop index app.document_with_access;
create index document_with_access on app.document (tenant_id, access_id, id) where access_id is not null;
drop function app.reads_few(), app.readable_versions();

create or replace function app.note_user_standing() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    update app.user_standing set is_disabled = true, changed_at = now()
    where tenant_of = old.tenant_id and user_id = old.id;
    delete from app.account_tenant where tenant_of = old.tenant_id and user_id = old.id;
  else
    insert into app.user_standing as s (tenant_of, user_id, role, is_disabled)
    values (new.tenant_id, new.id, new.role, new.disabled_at is not null)
    on conflict (tenant_of, user_id) do update
      set role = excluded.role, is_disabled = excluded.is_disabled, changed_at = now();
  end if;
  return null;
end $$;
alter table app.user_standing drop column again_at;
