-- What each source says of a model now: the newest word on a name counts, a withdrawn one says nothing, and the full name
-- comes before the bare one. Without a tenant nobody has a price of its own.
select distinct on (source) source, id, per_million
from (
  (select distinct on (model) 'tenant' as source, id, model, per_million, is_withdrawn from app.tenant_price
    where tenant_id = :tenant_id::uuid and model in (:model, :bare) order by model, created_at desc, id desc)
  union all
  (select distinct on (origin, model) origin, id, model, per_million, is_withdrawn from app.price
    where model in (:model, :bare) order by origin, model, created_at desc, id desc)
) newest
where not is_withdrawn
order by source, model = :model desc
