-- Takes the tenant's next alert that is due, for one attempt: nobody else takes it before its pause is over, which is
-- longer than the attempt lasts and grows from 15 seconds to 17 hours. Nothing: none is due.
with due as (
  select a.tenant_id, a.id from app.budget_alert a
  where a.tenant_id = :tenant_id and a.delivered_at is null and a.next_at <= clock_timestamp()
  order by a.at, a.id limit 1 for update skip locked
), claimed as (
  update app.budget_alert a set attempts = a.attempts + 1,
    next_at = clock_timestamp() + make_interval(secs => 15 * power(4, least(a.attempts, 6)))
  from due where a.tenant_id = due.tenant_id and a.id = due.id
  returning a.*
)
select a.id, a.at, a.budget_id, b.scope, a.member, b.period, a.starts_at, w.ends_at, a.threshold, a.limit_nano,
  a.spent_nano, a.held_nano, a.attempts, a.told, t.slug
from claimed a
  join app.tenant t on t.id = a.tenant_id
  join app.budget b on b.tenant_id = a.tenant_id and b.id = a.budget_id
  left join app.budget_window w on w.tenant_id = a.tenant_id and w.budget_id = a.budget_id and w.member = a.member
    and w.starts_at = a.starts_at
