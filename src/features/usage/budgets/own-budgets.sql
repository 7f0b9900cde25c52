-- The budgets that bind whatever a caller does, as they stand in the window of this moment: the tenant's, the user's and that
-- of the API key it came with. The tier's own limit is among them before the first call has made its row.
with budget as (
  select id, scope, member, period, follows_tier, limit_nano, action, degrade_to
  from app.budget where tenant_id = :tenant_id and scope in ('tenant', 'user', 'key')
  union all
  select null, 'tenant', '', 'month', true, null, 'block', null
  where not exists (
    select from app.budget where tenant_id = :tenant_id and scope = 'tenant' and member = '' and period = 'month')
)
select b.scope, concerned.member, b.period, b.action, b.degrade_to,
  case when b.follows_tier then r.limit_nano else b.limit_nano end as limit_nano,
  coalesce(w.spent_nano, 0) as spent_nano, coalesce(w.held_nano, 0) as held_nano, coalesce(w.granted_nano, 0) as granted_nano,
  p.starts_at, p.ends_at as resets_at
from (values ('tenant', ''), ('user', :subject), ('key', :key_id::text)) as concerned (scope, member)
  join budget b on b.scope = concerned.scope and concerned.member is not null and b.member in (concerned.member, '*')
  join app.tenant t on t.id = :tenant_id
  join app.tier r on r.id = t.tier
  cross join lateral app.budget_period(b.period, clock_timestamp()) p
  left join app.budget_window w on w.tenant_id = :tenant_id and w.budget_id = b.id and w.member = concerned.member
    and w.starts_at = p.starts_at
order by array_position('{tenant,user,key}', b.scope), b.period, b.member
