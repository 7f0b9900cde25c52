update app.task t set
  state = 'working', attempt = t.attempt + 1,
  deadline_at = coalesce(t.deadline_at, clock_timestamp() + t.left_ms * interval '1 ms')
from app.task o
where t.tenant_id = :tenant_id and t.id = :id and o.tenant_id = t.tenant_id and o.id = t.id and t.state = any(:from::text[])
returning o.state as before, t.subject, t.scopes, t.token_id, t.accepted_as, t.workflow, t.input, t.label, t.attempt, t.put_off,
  (extract(epoch from t.deadline_at - clock_timestamp()) * 1000)::float8 as left_ms, t.traceparent
