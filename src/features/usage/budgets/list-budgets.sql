-- Every budget of a tenant as it stands in the window of this moment; of '*' each member that has spent most there, by
-- itself. The tier's own limit is among them before the first call has made its row.
with budget as (
  select id, scope, member, period, follows_tier, limit_nano, action, degrade_to, thresholds, changed_by, changed_at
  from app.budget where tenant_id = :tenant_id
  union all
  select null, 'tenant', '', 'month', true, null, 'block', null, '{50,80,95,100}', 'gatehouse:tiers', null
  where not exists (
    select from app.budget where tenant_id = :tenant_id and scope = 'tenant' and member = '' and period = 'month')
)
select b.id, b.scope, coalesce(w.member, b.member) as member, b.member = '*' as is_each, b.period, b.action, b.degrade_to,
  b.thresholds, b.changed_by, b.changed_at, case when b.follows_tier then r.id end as tier,
  case when b.follows_tier then r.limit_nano else b.limit_nano end as limit_nano,
  coalesce(w.spent_nano, 0) as spent_nano, coalesce(w.held_nano, 0) as held_nano, coalesce(w.granted_nano, 0) as granted_nano,
  p.starts_at, p.ends_at as resets_at
from budget b
  join app.tenant t on t.id = :tenant_id
  join app.tier r on r.id = t.tier
  cross join lateral app.budget_period(b.period, clock_timestamp()) p
  left join lateral (
    select x.member, x.spent_nano, x.held_nano, x.granted_nano from app.budget_window x
    where x.tenant_id = :tenant_id and x.budget_id = b.id and x.starts_at = p.starts_at
    order by x.spent_nano + x.held_nano desc, x.member limit :members
  ) w on true
where (:id::uuid is null or b.id = :id::uuid)
  and (:member::text is null or coalesce(w.member, b.member) = :member::text)
order by array_position('{tenant,user,key,model,task}', b.scope), b.member, b.period, w.spent_nano + w.held_nano desc, 3
