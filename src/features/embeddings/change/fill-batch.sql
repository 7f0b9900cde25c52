-- Makes a tenant's next chunks pending for a model, and notes how far it came. Also those of versions that are not
-- visible yet: they will be. Newer chunks were made pending with themselves.
with so_far as (
  select f.last_chunk_id from app.embedding_fill f
  where f.tenant_id = :tenant_id and f.model_number = :model_number
),
chunks as materialized (
  select c.id, c.version_id
  from app.chunk c
  where c.tenant_id = :tenant_id
    and c.id > coalesce((select s.last_chunk_id from so_far s), '00000000-0000-0000-0000-000000000000'::uuid)
  order by c.id
  limit :limit
),
made as (
  insert into app.pending_embedding (tenant_id, model_number, chunk_id, version_id)
  select :tenant_id, :model_number, c.id, c.version_id from chunks c
  on conflict do nothing
)
insert into app.embedding_fill as f (tenant_id, model_number, last_chunk_id, done)
select :tenant_id, :model_number, (select c.id from chunks c order by c.id desc limit 1),
  (select count(*) from chunks) < :limit
on conflict (tenant_id, model_number) do update
  set last_chunk_id = coalesce(excluded.last_chunk_id, f.last_chunk_id), done = excluded.done
returning f.done
