-- Every price that somebody has set or that was seeded, as it stands now.
select source, id, model, per_million
from (
  (select distinct on (model) 'tenant' as source, id, model, per_million, is_withdrawn from app.tenant_price
    where tenant_id = :tenant_id::uuid order by model, created_at desc, id desc)
  union all
  (select distinct on (origin, model) origin, id, model, per_million, is_withdrawn from app.price
    order by origin, model, created_at desc, id desc)
) newest
where not is_withdrawn
order by model, array_position('{tenant,operator,seed}', source)
