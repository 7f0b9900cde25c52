-- Numbers and writes one event and hints at it; no row when there is no such stream, or :epoch is not the one that holds it.
with stream as (
  update app.journal_stream set last_sequence = last_sequence + 1
  where tenant_id = :tenant_id and id = :stream_id and (:epoch::int is null or epoch = :epoch)
  returning last_sequence
), event as (
  insert into app.journal_event (tenant_id, stream_id, sequence, kind, data)
  select :tenant_id, :stream_id, last_sequence, :kind, :data::jsonb from stream
  returning sequence
)
-- Everyone on the database may hear a NOTIFY: it says which stream, nothing else.
select sequence, pg_notify('gatehouse_journal', :stream_id::text) from event
