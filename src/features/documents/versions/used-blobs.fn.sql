-- Which of these files something still needs: a version was read from it, or it is on its way in. As the owner, for the
-- tenant of the seal: whoever deletes a document may not see all others that were read from the same file.
create or replace function app.used_blobs(blobs uuid[]) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenant uuid := app.tenant_id();
begin
  return query
    select b from unnest(used_blobs.blobs) b
    where exists (select from app.document_version o where o.tenant_id = tenant and o.blob_id = b)
      or exists (
        select from app.ingestion i
        where i.tenant_id = tenant and i.blob_id = b and i.state in ('queued', 'running'));
end $$;

revoke all on function app.used_blobs(uuid[]) from public;
grant execute on function app.used_blobs(uuid[]) to gatehouse_app;
