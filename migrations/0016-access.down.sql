do $$
declare
  target record;
begin
  for target in
    select unnest(array['document', 'document_version', 'document_field', 'version_text', 'chunk', 'posting']) as name
    union all
    select 'vector_' || number from app.embedding_model
  loop
    execute format('drop policy owner_by_tenant on app.%I', target.name);
    execute format('drop policy own_rows on app.%I', target.name);
    execute format(
      'create policy own_rows on app.%I'
      ' using (tenant_id = (select app.tenant_id())) with check (tenant_id = (select app.tenant_id()))', target.name);
  end loop;
end $$;
drop function app.closed_documents(), app.closed_versions();
drop trigger index_version on app.group_member;
alter table app.document drop column access_id;
drop table app.access_entry, app.access_list;
