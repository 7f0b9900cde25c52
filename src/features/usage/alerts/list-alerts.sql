-- The alerts of a tenant, newest first, from the one named on.
select a.id, a.at, a.budget_id, b.scope, a.member, b.period, a.starts_at, w.ends_at, a.threshold, a.limit_nano,
  a.spent_nano, a.held_nano, a.attempts, a.failure,
  case when a.delivered_at is null then 'waiting' when a.failure is not null then 'given_up'
    when cardinality(a.told) = 0 then 'no_webhook' else 'delivered' end as delivery
from app.budget_alert a
  join app.budget b on b.tenant_id = a.tenant_id and b.id = a.budget_id
  left join app.budget_window w on w.tenant_id = a.tenant_id and w.budget_id = a.budget_id and w.member = a.member
    and w.starts_at = a.starts_at
where a.tenant_id = :tenant_id
  and (:before::uuid is null or (a.at, a.id) < (
    select x.at, x.id from app.budget_alert x where x.tenant_id = :tenant_id and x.id = :before::uuid))
order by a.at desc, a.id desc
limit :at_most
