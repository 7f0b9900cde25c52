-- What each step of a task has asked of each model, and what that cost: no rows of a task that is not the caller's. A
-- correction is no request.
select t.id as task_id, l.step, l.model, l.operation, count(l.id) filter (where l.kind = 'charge')::int as requests,
  coalesce(sum(coalesce((l.usage ->> 'input')::numeric, 0) + coalesce((l.usage ->> 'cached_input')::numeric, 0)
    + coalesce((l.usage ->> 'cache_write')::numeric, 0) + coalesce((l.usage ->> 'embedding')::numeric, 0)
    + coalesce((l.usage ->> 'rerank')::numeric, 0)), 0)::text as units_in,
  coalesce(sum(coalesce((l.usage ->> 'output')::numeric, 0) + coalesce((l.usage ->> 'reasoning')::numeric, 0)), 0)::text as units_out,
  coalesce(sum(l.cost_nano), 0)::text as cost_nano, min(l.at) as first_at, max(l.at) as last_at,
  (select coalesce(sum(h.held_nano), 0) from app.hold h
    where h.tenant_id = :tenant_id and h.task = :task_id and h.state in ('held', 'sent'))::text as held_nano
from app.task t
  left join app.ledger l on l.tenant_id = t.tenant_id and l.task = t.id::text
where t.tenant_id = :tenant_id and t.subject = :subject and t.id = :task_id::uuid
group by t.id, l.step, l.model, l.operation
order by min(l.at), l.step, l.model
