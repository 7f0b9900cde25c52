-- The next events of each stream after its cursor, :limit in all, and no more than :max_bytes unless one alone has more. In
-- turns, one of each stream: what is cut off is then the end of each, never something in the middle.
select stream_id, sequence, at, kind, data
from (
  select event.*, sum(event.bytes) over (order by event.turn, event.stream_id) - event.bytes as before
  from (
    select e.*, e.sequence - cursor.after as turn, octet_length(e.data::text) as bytes
    from unnest(:stream_ids::uuid[], :afters::bigint[]) as cursor (stream_id, after)
    cross join lateral (
      select e.stream_id, e.sequence, e.at, e.kind, e.data
      from app.journal_event e
      where e.tenant_id = :tenant_id and e.stream_id = cursor.stream_id and e.sequence > cursor.after
      order by e.sequence
      limit :limit) as e
    order by turn, e.stream_id
    limit :limit) as event
) as counted
where before < :max_bytes
order by turn, stream_id
