-- The windows of a tenant that are not what the ledger and the open holds add up to.
with counted as (
  select x.budget_id, x.member, x.starts_at, sum(l.cost_nano) as spent_nano,
    sum(h.held_nano) filter (where h.state in ('held', 'sent')) as held_nano
  from app.hold_window x
    join app.hold h on h.tenant_id = x.tenant_id and h.id = x.hold_id
    left join (
      select hold_id, sum(cost_nano) as cost_nano from app.ledger where tenant_id = :tenant_id group by hold_id
    ) l on l.hold_id = x.hold_id
  where x.tenant_id = :tenant_id
  group by x.budget_id, x.member, x.starts_at
)
select b.scope, w.member, b.period, w.starts_at, w.spent_nano, w.held_nano,
  coalesce(c.spent_nano, 0) as counted_spent, coalesce(c.held_nano, 0) as counted_held
from app.budget_window w
  join app.budget b on b.tenant_id = w.tenant_id and b.id = w.budget_id
  left join counted c on c.budget_id = w.budget_id and c.member = w.member and c.starts_at = w.starts_at
where w.tenant_id = :tenant_id
  and (w.spent_nano <> coalesce(c.spent_nano, 0) or w.held_nano <> coalesce(c.held_nano, 0))
order by w.starts_at, b.scope, w.member limit :limit
