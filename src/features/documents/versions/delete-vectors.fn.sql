-- Deletes a version's vectors of every model. Runs with the caller's rights, under its policies.
create or replace function app.delete_vectors(tenant uuid, version uuid) returns void
language plpgsql security invoker set search_path = pg_catalog, pg_temp as $$
declare
  model int;
begin
  for model in select number from app.embedding_model order by number loop
    if to_regclass(format('app.vector_%s', model)) is not null then
      execute format('delete from app.vector_%s where tenant_id = $1 and version_id = $2', model) using tenant, version;
    end if;
  end loop;
end $$;

revoke all on function app.delete_vectors(uuid, uuid) from public;
grant execute on function app.delete_vectors(uuid, uuid) to gatehouse_app;
