-- Deletes the oldest blobs of :tenant_id that nobody keeps: at most :blobs of them, and no further one once :bytes are reached.
delete from app.blob
where tenant_id = :tenant_id and not kept and id in (
  select id from (
    select id, sum(received) over (order by created_at, id) - received as bytes_before
    from app.blob
    where tenant_id = :tenant_id and not kept and created_at < now() - :older_than_hours * interval '1 hour'
    order by created_at, id
    limit :blobs) as oldest
  where bytes_before < :bytes)
