drop policy own_jobs on pgboss.job_common;
create policy own_jobs on pgboss.job_common to gatehouse_app
  using ((select app.is_system()) or data ->> 'tenantId' = (select app.tenant_id())::text)
  with check ((select app.is_system()) or data ->> 'tenantId' = (select app.tenant_id())::text);

drop table app.embedding_fill, app.pending_embedding;

-- The older schema knows the built-in model alone.
do $$
declare
  model int;
begin
  if not exists (select from app.embedding_model where number = 1 and state = 'serving') then
    raise exception 'searches are answered by another model: migrate embeddings back to local first';
  end if;
  for model in select number from app.embedding_model where number <> 1 loop
    execute format('drop table app.vector_%s', model);
  end loop;
end $$;
delete from app.embedding_model where number <> 1;
alter table app.embedding_model drop constraint retired_when, drop column state, drop column created_at, drop column retired_at;
