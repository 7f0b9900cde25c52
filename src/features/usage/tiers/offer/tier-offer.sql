-- The tenant's tier, the one that comes after it, and whether the tenant's monthly budget is its tier's.
select r.id, r.name, r.limit_nano, r.requests_per_minute, r.models, r.price_nano,
  n.id as next_id, n.name as next_name, n.limit_nano as next_limit_nano, n.requests_per_minute as next_requests_per_minute,
  n.models as next_models, n.price_nano as next_price_nano, n.is_self_service,
  coalesce((select b.follows_tier from app.budget b
    where b.tenant_id = t.id and b.scope = 'tenant' and b.member = '' and b.period = 'month'), true) as follows_tier
from app.tenant t
  join app.tier r on r.id = t.tier
  left join app.tier n on n.id = r.next_tier
where t.id = :tenant_id
