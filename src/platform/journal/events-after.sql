-- The next events of each stream after its cursor, :limit in all. In turns, one of each stream: what is cut off by the
-- limit is then the end of each, never something in the middle.
select event.stream_id, event.sequence, event.at, event.kind, event.data
from unnest(:stream_ids::uuid[], :afters::bigint[]) as cursor (stream_id, after)
cross join lateral (
  select e.stream_id, e.sequence, e.at, e.kind, e.data
  from app.journal_event e
  where e.tenant_id = :tenant_id and e.stream_id = cursor.stream_id and e.sequence > cursor.after
  order by e.sequence
  limit :limit) as event
order by event.sequence - cursor.after, event.stream_id
limit :limit
