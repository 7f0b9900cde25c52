-- What was spent between two moments, by one property of it and by day. A correction counts for who had spent, not for who
-- corrected; it is no request.
with entry as (
  select
    h.subject as name, --? user
    l.key_id as name, --? key
    l.model as name, --? model
    l.operation as name, --? operation
    l.task as name, --? task
    l.step as name, --? step
    l.label as name, --? label
    to_char(l.at at time zone 'UTC', 'YYYY-MM-DD') as name, --? day
    to_char(l.at at time zone 'UTC', 'YYYY-MM-DD') as day, l.kind, l.cost_nano,
    coalesce((l.usage ->> 'input')::numeric, 0) + coalesce((l.usage ->> 'cached_input')::numeric, 0)
      + coalesce((l.usage ->> 'cache_write')::numeric, 0) + coalesce((l.usage ->> 'embedding')::numeric, 0)
      + coalesce((l.usage ->> 'rerank')::numeric, 0) as units_in,
    coalesce((l.usage ->> 'output')::numeric, 0) + coalesce((l.usage ->> 'reasoning')::numeric, 0) as units_out
  from app.ledger l
    join app.hold h on h.tenant_id = l.tenant_id and h.id = l.hold_id --? user
  where l.tenant_id = :tenant_id and l.at >= :from::timestamptz and l.at < :until::timestamptz
), by_day as (
  select name, day, count(*) filter (where kind = 'charge') as requests, sum(units_in) as units_in, sum(units_out) as units_out,
    sum(cost_nano) as cost_nano
  from entry group by name, day
)
select name, sum(requests) as requests, sum(units_in) as units_in, sum(units_out) as units_out, sum(cost_nano) as cost_nano,
  jsonb_object_agg(day, cost_nano::text) as days,
  count(*) over () as all_names, sum(sum(requests)) over () as all_requests, sum(sum(units_in)) over () as all_units_in,
  sum(sum(units_out)) over () as all_units_out, sum(sum(cost_nano)) over () as all_cost_nano
from by_day group by name
order by name --? day
order by sum(cost_nano) desc, name --? ranked
limit :limit
